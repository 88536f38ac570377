import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from '../unit/scripts/temporary-folder.ts';
import { withRepository } from './git-repository.ts';

/** What writes, and is killed once it has begun, or ends well. The folder is its working folder. */
const WRITERS: Readonly<Record<string, string>> = {
  'a report': `
    const { reportFile } = await import(root + '/src/commands/output/report-file.ts');
    const file = reportFile('report-' + process.pid);
    await file.write('half');
    dieIfAsked();
    await file.finish();`,
  'a captured scenario': `
    const { writeFolder } = await import(root + '/src/commands/capture/write-folder.ts');
    const { signal } = new AbortController();
    await writeFolder('captured-' + process.pid, async () => dieIfAsked(), { signal });`,
  'files of a git revision': `
    const { withGitTree } = await import(root + '/src/commands/compare/git/tree.ts');
    const paths = { commit: 'HEAD', name: 'HEAD', paths: ['a.yaml'], folder: '.' };
    await withGitTree(paths, async () => dieIfAsked());`,
};

/** Runs one in its own process; returns its signal. */
const write = async (work: string, folder: string, end: 'killed' | 'well'): Promise<string | undefined> => {
  const dieIfAsked = end === 'killed' ? `() => process.kill(process.pid, 'SIGKILL')` : '() => {}';
  const script = `const root = ${JSON.stringify(root)}, dieIfAsked = ${dieIfAsked};${work}`;
  const { signal, stderr } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { TMPDIR: join(folder, 'temporary') },
    reject: false,
  });
  expect(stderr).to.equal('');
  return signal;
};

describe('a process that is killed while it writes', () => {
  for (const [what, work] of Object.entries(WRITERS))
    it(`leaves ${what} half written until the next one comes`, () =>
      withRepository(async ({ folder, commit }) => {
        await commit('v1', { 'a.yaml': '' });
        await mkdir(join(folder, 'temporary'));
        const hidden = async () => [
          ...(await readdir(folder)).filter((name) => name.startsWith('.') && name !== '.git'),
          ...(await readdir(join(folder, 'temporary'))),
        ];
        expect(await write(work, folder, 'killed')).to.equal('SIGKILL');
        expect(await hidden()).to.have.lengthOf(1);
        expect(await write(work, folder, 'well')).to.equal(undefined);
        expect(await hidden()).to.deep.equal([]);
      }));
});
