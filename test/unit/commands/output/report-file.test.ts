import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { reportFile } from '../../../../src/commands/output/report-file.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

/** Writes a report that comes in these texts. */
const writeWhole = async (path: string, ...texts: readonly (string | Iterable<string>)[]): Promise<void> => {
  const file = reportFile(path);
  try {
    for (const text of texts) await file.write(text);
    await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
};

describe('reportFile', () => {
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
      await writeWhole(path, ['a', 'b', 'ü'.repeat(200_000), 'c']);
      expect(await readFile(path, 'utf8')).to.equal(`ab${'ü'.repeat(200_000)}c`);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect(await files(folder)).to.deep.equal(['run.json']);
    }));

  it('leaves the file as it was, and nothing beside it, where the text is not whole', () =>
    inFolder({ 'run.json': 'of the last run' }, async (folder) => {
      const path = join(folder, 'run.json');
      await failureOf(writeWhole(path, broken()));
      expect(await readFile(path, 'utf8')).to.equal('of the last run');
      expect(await files(folder)).to.deep.equal(['run.json']);
    }));

  it('replaces what a link leads to, and not the link', () =>
    inFolder({ 'real/run.json': 'old' }, async (folder) => {
      const link = join(folder, 'link.json');
      await symlink(join(folder, 'real/run.json'), link);
      await writeWhole(link, 'new');
      expect(await readFile(join(folder, 'real/run.json'), 'utf8')).to.equal('new');
      expect(await files(folder)).to.deep.equal(['link.json', 'real']);
    }));

  it('writes into a pipe', () =>
    inFolder({}, async (folder) => {
      const pipe = join(folder, 'pipe');
      await execa('mkfifo', [pipe]);
      const reader = execa('cat', [pipe]);
      await writeWhole(pipe, ['through ', 'it']);
      expect((await reader).stdout).to.equal('through it');
      expect((await stat(pipe)).isFIFO()).to.equal(true);
    }));

  it('says why a full device takes nothing', async () => {
    const { message } = await failureOf(writeWhole('/dev/full', 'x'));
    expect(message).to.match(/^the report can't be written to \/dev\/full: no space left on device \(ENOSPC\)$/);
  });

  it('says why a folder takes nothing', () =>
    inFolder({}, async (folder) => {
      await mkdir(join(folder, 'a'));
      await writeFile(join(folder, 'file'), '');
      expect((await failureOf(writeWhole(join(folder, 'file', 'x'), 'x'))).message).to.contain('ENOTDIR');
    }));

  it('shows nothing of a report before it is whole, and nothing at all of one that never will be', () =>
    inFolder({ 'run.txt': 'of the last run' }, async (folder) => {
      const path = join(folder, 'run.txt');
      const text = () => readFile(path, 'utf8');
      const first = reportFile(path);
      await first.write('one');
      await first.discard();
      expect(await files(folder)).to.deep.equal(['run.txt']);
      const second = reportFile(path);
      await second.write('one');
      await second.write('two');
      expect(await text()).to.equal('of the last run');
      await second.finish();
      expect(await text()).to.equal('onetwo');
      expect(await files(folder)).to.deep.equal(['run.txt']);
    }));

  it('says which file is not whole yet', () =>
    inFolder({}, async (folder) => {
      const unfinished = new Set<string>();
      const hidden = async () =>
        (await files(folder)).filter((file) => file.startsWith('.')).map((file) => join(folder, file));
      for (const end of ['finish', 'discard'] as const) {
        const file = reportFile(join(folder, end), unfinished);
        await file.write('one');
        expect(unfinished.size).to.equal(1);
        expect([...unfinished]).to.deep.equal(await hidden());
        await file[end]();
        expect([...unfinished]).to.deep.equal([]);
      }
    }));

  it('writes an empty report, and touches nothing if there never was one', () =>
    inFolder({}, async (folder) => {
      await reportFile(join(folder, 'a')).discard();
      await writeWhole(join(folder, 'b'));
      expect(await files(folder)).to.deep.equal(['b']);
    }));

  it('writes into a pipe as the text comes', () =>
    inFolder({}, async (folder) => {
      const pipe = join(folder, 'pipe');
      await execa('mkfifo', [pipe]);
      const reader = execa('cat', [pipe]);
      const file = reportFile(pipe);
      const heard = once(reader.stdout, 'data');
      await file.write('early ');
      expect(`${(await heard)[0]}`).to.equal('early ');
      await file.write('late');
      await file.finish();
      expect((await reader).stdout).to.equal('early late');
    }));

  it('lets a reader of a pipe leave early', () =>
    inFolder({}, async (folder) => {
      const pipe = join(folder, 'pipe');
      await execa('mkfifo', [pipe]);
      const reader = execa('head', ['-c', '1', pipe]);
      await writeWhole(pipe, 'x'.repeat(200_000), 'y'.repeat(200_000), 'z');
      expect((await reader).stdout).to.equal('x');
    }));

  it('passes on what the text itself throws', () =>
    inFolder({}, async (folder) => {
      const failure = await failureOf(writeWhole(join(folder, 'run.json'), broken()));
      expect(failure).to.be.instanceOf(RangeError);
    }));
});
