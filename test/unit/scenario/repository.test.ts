import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { shownPath } from '../../../src/scenario/problem.ts';
import { type Files, policy, withFiles } from './temporary-folder.ts';

const using = (...patterns: readonly string[]): string =>
  `namespaces: {prod: {pods: {web: {ports: [80]}}}}\npolicies: ${JSON.stringify(patterns)}\n`;

const SECRET = 's3cr3t-t0ken';

/** The names of the policies, or the lines of what is wrong, of the scenario in a folder of the files. */
const outcomeOf = (files: Files, path: string, prepare: (folder: string) => Promise<unknown> = async () => {}) =>
  withFiles(files, async (folder) => {
    await prepare(folder);
    const base = shownPath(folder);
    try {
      const [scenario] = await loadScenarios([join(folder, path)]);
      return scenario?.steps[0]?.policies.map(({ name }) => name);
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      return error.message.replaceAll(`${base}/`, '').replaceAll(base, '.').split('\n');
    }
  });

const outside = (root: string): string => `outside the scenario's repository: podreach reads only what is in ${root}`;

describe('the files of a scenario', () => {
  it('may lie anywhere in its repository', async () => {
    const files = {
      '.git/HEAD': '',
      'k8s/a.yaml': policy('a', 'prod'),
      'test/scenarios/one/scenario.yaml': using('../../../k8s/*.yaml'),
    };
    expect(await outcomeOf(files, 'test/scenarios/one')).to.deep.equal(['a']);
  });

  it('may lie in a worktree, whose .git is a file', async () => {
    const files = {
      '.git': 'gitdir: x\n',
      'k8s/a.yaml': policy('a', 'prod'),
      'a/b/scenario.yaml': using('../../k8s/*'),
    };
    expect(await outcomeOf(files, 'a/b')).to.deep.equal(['a']);
  });

  it('lie in the parent of its folder, if there is no repository', async () => {
    const files = { 'k8s/a.yaml': policy('a', 'prod'), 'one/scenario.yaml': using('../k8s/*.yaml') };
    expect(await outcomeOf(files, 'one')).to.deep.equal(['a']);
  });

  for (const pattern of ['../../.git-credentials', '../../*', '../../**', '{..,x}/../.git-credentials'])
    it(`are not read outside of it: ${pattern}`, async () => {
      const files = { '.git-credentials': `https://me:${SECRET}@example.com\n`, 'a/b/scenario.yaml': using(pattern) };
      const lines = (await outcomeOf(files, 'a/b')) ?? [];
      expect(lines.join()).not.to.contain(SECRET);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(/^a\/b\/scenario\.yaml:2:12: (outside the scenario's repository|no file matches)/);
    });

  it('are not read by their absolute path', async () => {
    expect(await outcomeOf({ 'a/scenario.yaml': using('/etc/hostname') }, 'a')).to.deep.equal([
      `a/scenario.yaml:2:12: ${outside('.')}`,
    ]);
  });

  it('are not read if a link leads outside, be it a file, a folder or the scenario itself', async () => {
    const files = {
      'secret/token.yaml': `token: ${SECRET}\n`,
      'secret/scenario.yaml': `token: ${SECRET}\n`,
      'repo/.git/HEAD': '',
      'repo/a/scenario.yaml': using('token.yaml', 'folder/*.yaml'),
    };
    const lines = await outcomeOf(files, 'repo', async (folder) => {
      await symlink(join(folder, 'secret/token.yaml'), join(folder, 'repo/a/token.yaml'));
      await symlink(join(folder, 'secret'), join(folder, 'repo/a/folder'));
      await mkdir(join(folder, 'repo/b'));
      await symlink(join(folder, 'secret/scenario.yaml'), join(folder, 'repo/b/scenario.yaml'));
    });
    expect(lines).to.deep.equal([
      `repo/a/scenario.yaml:2:25: ${outside('repo')}`,
      `repo/a/token.yaml:1:1: ${outside('repo')}`,
      `repo/b/scenario.yaml:1:1: ${outside('repo')}`,
    ]);
  });

  it('are read if a link leads to another place of the repository', async () => {
    const files = { '.git/HEAD': '', 'k8s/a.yaml': policy('a', 'prod'), 'x/y/scenario.yaml': using('link.yaml') };
    const link = (folder: string) => symlink('../../k8s/a.yaml', join(folder, 'x/y/link.yaml'));
    expect(await outcomeOf(files, 'x/y', link)).to.deep.equal(['a']);
  });

  it('are found if the folder itself is reached by a link', async () => {
    const files = {
      'real/repo/.git/HEAD': '',
      'real/repo/a/scenario.yaml': using('p/*'),
      'real/repo/a/p/a.yaml': policy('a'),
    };
    const lines = await outcomeOf(files, 'link', (folder) =>
      symlink(join(folder, 'real/repo/a'), join(folder, 'link')),
    );
    expect(lines).to.deep.equal(['a']);
  });

  it('are regular ones: a pipe is not opened', async () => {
    const lines = await outcomeOf({ 'a/scenario.yaml': using('pipe.yaml') }, 'a', async (folder) => {
      execFileSync('mkfifo', [join(folder, 'a/pipe.yaml')]);
    });
    expect(lines).to.deep.equal(['a/pipe.yaml:1:1: not a regular file']);
  });

  it('are regular ones: a folder in the place of scenario.yaml is none', async () => {
    const lines = await outcomeOf({ 'a/x': '' }, 'a', (folder) => rename(join(folder, 'a/x'), join(folder, 'a/y')));
    expect(lines).to.deep.equal(['a: no scenario and no Kubernetes manifest in a']);
  });

  it('are read no further than the size they are said to have: what the kernel makes up is empty', async () => {
    // As for /proc/kmsg, whose end a reader would wait for without end.
    const message = await loadScenarios(['/proc/uptime']).catch(({ message }) => message);
    expect(message).to.match(/proc\/uptime:1:1: empty/);
  });
});

describe('what is no manifest', () => {
  const contents: Readonly<Record<string, string>> = {
    'a line of text': `https://me:${SECRET}@example.com\n`,
    'a mapping': `${SECRET}: x\ntoken: ${SECRET}\n`,
    'a list': `- ${SECRET}\n`,
    'a kind alone': `kind: NetworkPolicy\n${SECRET}: x\n`,
    'broken YAML': `{token: ${SECRET}\n`,
    'YAML that is broken otherwise': `token: "${SECRET}" ${SECRET}\n`,
    'a bad escape': `token: "\\${SECRET}"\n`,
    'an alias': `token: *${SECRET}\n`,
    'a tag': `token: !${SECRET} x\n`,
    'a key twice': `${SECRET}: x\n${SECRET}: x\n`,
    'a directive': `%${SECRET} x\n---\na: 1\n`,
    'an anchor of itself': `a: &${SECRET} [*${SECRET}]\n`,
    'a key of many lines': `? [${SECRET}]\n: x\n`,
    'a private key': `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`,
    'variables of an environment': `export TOKEN=${SECRET}\nA: b: c\n`,
  };
  for (const [what, content] of Object.entries(contents))
    it(`is refused at its place, and not quoted: ${what}`, async () => {
      const lines = (await outcomeOf({ 'a/scenario.yaml': using('p.yaml'), 'a/p.yaml': content }, 'a')) ?? [];
      expect(lines).not.to.be.empty;
      expect(lines.join('\n')).not.to.contain(SECRET);
      for (const line of lines) expect(line).to.match(/^a\/p\.yaml:\d+:\d+: /);
    });

  it('is not quoted either if it is an object of another kind', async () => {
    const content = `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {token: ${SECRET}}\n`;
    await withFiles({ 'a/scenario.yaml': using('p.yaml'), 'a/p.yaml': content }, async (folder) => {
      expect(JSON.stringify(await loadScenarios([join(folder, 'a')]))).not.to.contain(SECRET);
    });
  });
});
