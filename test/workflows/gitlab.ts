import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from '../package/installed.ts';

const program = join(root, 'node_modules/gitlab-ci-local/dist/index.js');

/** The jobs that gitlab-ci-local finds in a repository; it checks its files against GitLab's published JSON schema first. */
export const gitlabJobs = async (repository: string): Promise<readonly string[]> => {
  const flags = ['--list-json', '--stateDir', '.git/gitlab-ci-local'];
  const { exitCode, stdout, stderr } = await execa('node', [program, ...flags], { cwd: repository, reject: false });
  expect(exitCode, `${stdout}${stderr}`).to.equal(0);
  expect(stderr).to.contain('json schema validated');
  return (JSON.parse(stdout) as readonly { readonly name: string }[]).map(({ name }) => name);
};
