import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { discover, expandedAll, scenarioPaths } from '../../../../src/commands/scenarios/paths.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

const FILES = {
  'scenario.yaml': '',
  'a/scenario.yml': '',
  'a/b/c/d/scenario.yaml': '',
  'a/web.scenario.yaml': '',
  'a/db.scenario.yml': '',
  'a/other.yaml': '',
  'a/myscenario.yaml': '',
  'a/scenario.yaml.orig': '',
  'node_modules/x/scenario.yaml': '',
  'a/node_modules/x/scenario.yaml': '',
};
const FOUND = ['a/b/c/d/scenario.yaml', 'a/db.scenario.yml', 'a/scenario.yml', 'a/web.scenario.yaml', 'scenario.yaml'];

describe('discover', () => {
  const shown = async (folder: string) => (await discover(folder)).map((path) => path.slice(folder.length + 1)).sort();

  it('finds scenario files at any depth, but none below node_modules or hidden folders', () =>
    inFolder({ ...FILES, '.cache/scenario.yaml': '' }, async (folder) => {
      expect(await shown(folder)).to.deep.equal(FOUND);
    }));

  it('leaves out what git ignores, and finds what is not committed yet', () =>
    inFolder(
      { ...FILES, '.gitignore': 'build/\n', 'build/scenario.yaml': '', 'gone/scenario.yaml': '' },
      async (folder) => {
        const git = (...args: string[]) => execa('git', args, { cwd: folder });
        await git('init', '--quiet');
        await git('add', 'gone/scenario.yaml', 'scenario.yaml');
        await execa('rm', ['-r', join(folder, 'gone')]);
        expect(await shown(folder)).to.deep.equal(FOUND);
        // Only what lies below the folder.
        expect(await shown(join(folder, 'a'))).to.have.length(4);
      },
    ));

  it('runs no program that a repository names', () =>
    inFolder({ 'scenario.yaml': '', 'spy.sh': `#!/bin/sh\ntouch "\${0%/*}/ran"\n` }, async (folder) => {
      await chmod(join(folder, 'spy.sh'), 0o755);
      await execa('git', ['init', '--quiet'], { cwd: folder });
      await execa('git', ['config', 'core.fsmonitor', join(folder, 'spy.sh')], { cwd: folder });
      expect(await shown(folder)).to.deep.equal(['scenario.yaml']);
      const { access } = await import('node:fs/promises');
      await failureOf(access(join(folder, 'ran')));
    }));

  it('says what a scenario is where there is none', () =>
    inFolder({ 'a.yaml': '' }, async (folder) => {
      const failure = await failureOf(discover(folder));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.hint).to.contain('NAME.scenario.yaml');
      expect(await discover(folder, true)).to.deep.equal([]);
    }));
});

describe('scenarioPaths', () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  it('are those given, then those of podreach.yaml, then all below the folder', () =>
    inFolder({ 'podreach.yaml': 'scenarios: [tests]\n', 'a/scenario.yaml': '', '.git': '' }, async (folder) => {
      process.chdir(folder);
      expect(await scenarioPaths(['x'])).to.deep.equal(['x']);
      expect(await scenarioPaths([])).to.deep.equal([join(folder, 'tests')]);
      await execa('rm', [join(folder, 'podreach.yaml')]);
      expect(await scenarioPaths([])).to.deep.equal(['a/scenario.yaml']);
      process.chdir(before);
    }));
});

describe('expandedAll', () => {
  it('takes a pattern for every scenario below its folder, and any other path as it is', () =>
    inFolder(FILES, async (folder) => {
      const shown = async (...paths: readonly string[]) =>
        (await expandedAll(paths.map((path) => join(folder, path))))
          .map((path) => path.slice(folder.length + 1))
          .sort();
      expect(await shown('**')).to.deep.equal(FOUND);
      expect(await shown('a/b/**', 'a')).to.deep.equal(['a', 'a/b/c/d/scenario.yaml']);
      expect(await shown('nowhere/**')).to.deep.equal(['nowhere']);
    }));
});
