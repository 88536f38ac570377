import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { checkOutput, type OutputFlags, writeReports } from '../../../src/commands/output.ts';
import { writeFileWhole } from '../../../src/commands/output-file.ts';
import { PodreachError } from '../../../src/errors.ts';
import { keepSecret } from '../../../src/secrets.ts';
import { failureOf } from '../failure-of.ts';
import { runOf, sampleRun, scenarioOf } from '../report/sample-run.ts';
import { inFolder } from '../scripts/temporary-folder.ts';
import { fakeTerminal } from './fake-terminal.ts';

const both: OutputFlags = { reporter: ['json', 'terminal'], output: '/nowhere/run.json' };

describe('writeReports', () => {
  it('writes the other report where one fails, and says why', async () => {
    for (const reporter of [['terminal', 'json'] as const, ['json', 'terminal'] as const]) {
      const terminal = fakeTerminal();
      const failure = await failureOf(writeReports(sampleRun, { ...both, reporter }, terminal));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.match(/^the report can't be written to \/nowhere\/run\.json: ENOENT/);
      expect(failure.hint).to.equal('does its folder exist?');
      expect(terminal.printed()).to.contain('scenario');
    }
  });

  it('says what broke the run, too, where a report fails', async () => {
    const broken = { ...sampleRun, problem: 'the cluster is gone', hint: 'look' };
    const { message, hint } = await failureOf(writeReports(broken, both, fakeTerminal()));
    expect(message).to.match(/^the cluster is gone\nthe report can't be written/);
    expect(hint).to.equal('look\ndoes its folder exist?');
  });

  it('keeps secrets out of the file', () =>
    inFolder({}, async (folder) => {
      keepSecret('echoed-by-a-server');
      const output = join(folder, 'run.json');
      const run = runOf(scenarioOf([], { intent: 'it said echoed-by-a-server' }));
      await writeReports(run, { reporter: ['json'], output }, fakeTerminal());
      expect(JSON.parse(await readFile(output, 'utf8')).scenarios[0].intent).to.equal('it said [secret]');
    }));
});

describe('checkOutput', () => {
  it('refuses what is a folder, has no folder, or is not there to be written', () =>
    inFolder({}, async (folder) => {
      const check = (output: string) => checkOutput({ ...both, output });
      await check(join(folder, 'run.json'));
      expect((await failureOf(check(folder))).message).to.contain('it is a folder');
      expect((await failureOf(check(join(folder, 'no', 'run.json')))).message).to.contain('ENOENT');
      await check('/dev/null');
    }));
});

describe('writeFileWhole', () => {
  const files = (folder: string) => readdir(folder);
  /** Parts that end in a failure, as a reporter's may. */
  function* broken() {
    yield 'half';
    throw new RangeError('no more');
  }

  it('writes parts, in order, over a longer file, which keeps its rights', () =>
    inFolder({ 'run.json': 'something longer than what comes' }, async (folder) => {
      const path = join(folder, 'run.json');
      await chmod(path, 0o600);
      await writeFileWhole(path, ['a', 'b', 'ü'.repeat(200_000), 'c']);
      expect(await readFile(path, 'utf8')).to.equal(`ab${'ü'.repeat(200_000)}c`);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect(await files(folder)).to.deep.equal(['run.json']);
    }));

  it('leaves the file as it was, and nothing beside it, where the text is not whole', () =>
    inFolder({ 'run.json': 'of the last run' }, async (folder) => {
      const path = join(folder, 'run.json');
      await failureOf(writeFileWhole(path, broken()));
      expect(await readFile(path, 'utf8')).to.equal('of the last run');
      expect(await files(folder)).to.deep.equal(['run.json']);
    }));

  it('replaces what a link leads to, and not the link', () =>
    inFolder({ 'real/run.json': 'old' }, async (folder) => {
      const link = join(folder, 'link.json');
      await symlink(join(folder, 'real/run.json'), link);
      await writeFileWhole(link, 'new');
      expect(await readFile(join(folder, 'real/run.json'), 'utf8')).to.equal('new');
      expect(await files(folder)).to.deep.equal(['link.json', 'real']);
    }));

  it('writes into a pipe', () =>
    inFolder({}, async (folder) => {
      const pipe = join(folder, 'pipe');
      await execa('mkfifo', [pipe]);
      const reader = execa('cat', [pipe]);
      await writeFileWhole(pipe, ['through ', 'it']);
      expect((await reader).stdout).to.equal('through it');
      expect((await stat(pipe)).isFIFO()).to.equal(true);
    }));

  it('says why a full device takes nothing', async () => {
    const { message } = await failureOf(writeFileWhole('/dev/full', 'x'));
    expect(message).to.match(/^the report can't be written to \/dev\/full: ENOSPC: no space left on device$/);
  });

  it('says why a folder takes nothing', () =>
    inFolder({}, async (folder) => {
      await mkdir(join(folder, 'a'));
      await writeFile(join(folder, 'file'), '');
      expect((await failureOf(writeFileWhole(join(folder, 'file', 'x'), 'x'))).message).to.contain('ENOTDIR');
    }));
});
