import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openHistory, readHistory } from '../../../../src/commands/history/folder.ts';
import { type HistoryFlags, history } from '../../../../src/commands/history/history.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { lineOf } from '../../../../src/history/index.ts';
import { failureOf } from '../../failure-of.ts';
import { entryOn } from '../../history/entries.ts';
import { sampleRun } from '../../report/sample-run.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const nameOn = (day: number, id = '00000000') => `2026-11-0${day}T02-00-00-000Z-${id}.jsonl`;
const HISTORY = {
  [nameOn(1)]: lineOf(entryOn(1, '..')),
  [nameOn(2)]: lineOf(entryOn(2, '.X')) + lineOf(entryOn(2, '.', { scenario: 'other' })),
  [nameOn(3)]: lineOf(entryOn(3, '.X')),
};

const shown = async (folder: string | undefined, flags: Partial<HistoryFlags> = {}) => {
  const terminal = fakeTerminal();
  expect(await history(folder, { last: 100, reporter: 'terminal', ...flags }, terminal)).to.equal(0);
  return { text: terminal.printed(), notes: terminal.notes };
};
const refusal = async (folder: string | undefined, flags: Partial<HistoryFlags> = {}) => {
  const failure = await failureOf(shown(folder, flags));
  expect(failure).to.be.instanceOf(PodreachError);
  return failure as PodreachError;
};

describe('history', () => {
  it('shows the kept runs, in words and as JSON', () =>
    withFiles(HISTORY, async (folder) => {
      const { text, notes } = await shown(folder);
      expect(text).to.contain('dev/a -> prod/web 81/TCP  dropped  since 2026-11-02 02:00  1 change  .XX\n');
      expect(notes).to.deep.equal([]);
      const { steps } = JSON.parse((await shown(folder, { reporter: 'json' })).text);
      expect(steps.map(({ scenario }: { scenario: string }) => scenario)).to.deep.equal(['shop', 'other']);
    }));

  it('shows what is asked for', () =>
    withFiles(HISTORY, async (folder) => {
      expect((await shown(folder, { grep: /^oth/v })).text).to.match(/^other: shop\n {2}1 run, /);
      expect((await shown(folder, { endpoint: ['prod/w*'] })).text).to.contain('shop');
      expect((await refusal(folder, { grep: /nothing/v })).hint).to.equal('the names are shop, other');
      expect((await refusal(folder, { endpoint: ['prod'] })).hint).to.equal('the endpoints are dev/a, prod/web');
      const late = await shown(folder, { last: 1 });
      expect(late.text).to.contain('1 run, 2026-11-03 02:00 UTC');
      expect(late.notes).to.deep.equal(['2 older runs not looked at; --last takes more']);
    }));

  it('reads around what it can not read', () =>
    withFiles({ ...HISTORY, [nameOn(4)]: lineOf(entryOn(4, '.X')).slice(0, 50), 'notes.txt': 'x' }, async (folder) => {
      await mkdir(join(folder, nameOn(5)));
      const { text, notes } = await shown(folder);
      expect(text).to.contain('3 runs');
      expect(notes[0]).to.equal('1 line could not be read and is left out');
    }));

  it('reads the latest runs first, and no more than fits', () =>
    withFiles(HISTORY, async (folder) => {
      const { entries, leftOut } = await readHistory(folder, 100, 300);
      expect(entries.map(({ at }) => at.slice(0, 10))).to.deep.equal(['2026-11-03']);
      expect(leftOut).to.equal(2);
    }));

  it('says that there is none', () =>
    withFiles({ 'a.txt': '' }, async (folder) => {
      expect((await refusal(folder)).message).to.equal(`there is no run in ${folder}`);
      expect((await refusal(join(folder, 'none'))).message).to.contain(
        "can't be read: no such file or directory (ENOENT)",
      );
    }));
});

describe('openHistory', () => {
  it('keeps each run in a file of its own, also of two that end at once', () =>
    withFiles({}, async (root) => {
      const folder = join(root, 'a', 'b');
      const keep = await Promise.all([openHistory(folder), openHistory(folder)]);
      await Promise.all(keep.map((one) => one(sampleRun.scenarios)));
      expect(await readdir(folder)).to.have.length(2);
      const { entries, unreadable } = await readHistory(folder, 100);
      expect(unreadable).to.equal(0);
      expect(entries.map(({ scenario, step, file }) => [scenario, step, file])).to.deep.equal(
        Array(2).fill(['small', 'only', 'scenarios/small/scenario.yaml']),
      );
    }));

  it('keeps nothing of a run that judged nothing', () =>
    withFiles({}, async (folder) => {
      await (await openHistory(folder))([]);
      expect(await readdir(folder)).to.deep.equal([]);
    }));

  it('refuses a folder that can not be made, before the run', () =>
    withFiles({ file: '' }, async (folder) => {
      const failure = await failureOf(openHistory(join(folder, 'file', 'x')));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.match(/can't be made for the history: not a directory \(ENOTDIR\)/);
    }));
});
