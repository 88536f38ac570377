import { expect } from 'chai';
import { enforcementOf } from '../../../../src/report/html/enforcement-data.ts';
import { cell, recordingOf } from '../recorded.ts';
import { runOf, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { pageOf } from './page-of.ts';

const closed = cell('dev/a', 'closed', { enforcedMs: 40, late: 3 });
const opened = cell('dev/b', 'opened', { enforcedMs: 20 });

describe('the time to enforce in the HTML report', () => {
  it('is a table, and a strip for each cell from before the change until everything had changed', () => {
    const { times, how, notes, strips } =
      enforcementOf({ recording: recordingOf([closed, opened, cell('dev/c', 'steady')]) }) ?? expect.fail();
    expect(how).to.equal('3 cells tried every 15 ms, 300 connections, clocks within 0.6 ms');
    expect(times).to.deep.equal([
      ['change', 'cells', 'min', 'median', 'p95', 'max', 'late'],
      ['closed  n1 -> n2', '1', '40 ms', '40 ms', '40 ms', '40 ms', '3'],
      ['opened  n1 -> n2', '1', '20 ms', '20 ms', '20 ms', '20 ms', '0'],
    ]);
    // From 10 ms before the change to 50 ms after it: the longest takes four fifths of what follows the change.
    expect(strips?.accepted).to.be.closeTo(1 / 6, 0.001);
    expect(notes).to.deep.equal([]);
    expect(strips?.all.map(({ name, text }) => `${name}: ${text}`)).to.deep.equal([
      'dev/a -> prod/web 80/TCP: closed after 40 ms',
      'dev/b -> prod/web 80/TCP: opened after 20 ms',
    ]);
    expect(strips?.all.map(({ open }) => open)).to.deep.equal([[[0, 0.833]], [[0.5, 1]]]);
  });

  it('has what is wrong, first', () => {
    const steady = [
      { atMs: -60, open: true },
      { atMs: 10, open: false },
      { atMs: 30, open: true },
    ];
    const cells = [closed, cell('dev/c', 'steady', { turns: steady }), cell('dev/d', 'closed', { late: 9 })];
    const { strips } = enforcementOf({ recording: recordingOf(cells, { lateNodes: ['n2'] }) }) ?? expect.fail();
    expect(strips?.all.map(({ name, isWrong }) => `${name} ${isWrong}`)).to.deep.equal([
      'dev/c -> prod/web 80/TCP true',
      'dev/d -> prod/web 80/TCP true',
      'dev/a -> prod/web 80/TCP false',
    ]);
    expect(strips?.all[0]?.text).to.equal(
      'changed, although this step should not change it: open at first, closed after 10 ms, open after 30 ms',
    );
    expect(strips?.all[0]?.open).to.deep.equal([
      [0, 0.333],
      [0.667, 1],
    ]);
  });

  it('is said among what is wrong with the step, and is in the page', async () => {
    const late = recordingOf([cell('dev/a', 'closed', { late: 9 })]);
    const run = runOf(
      scenarioOf([stepOf([seen(['dev/a', 'prod/web', '80/TCP', 'dropped'])], undefined, { recording: late })]),
    );
    const { data } = await pageOf(run);
    const [step] = data.scenarios[0]?.steps ?? [];
    expect(step?.messages).to.include(
      'dev/a -> prod/web 80/TCP: not enforced after 30.0 s: still open, 9 connections got through',
    );
    expect(step?.measured[0]?.strips?.all).to.have.lengthOf(1);
  });

  it('is absent where nothing was recorded', () => {
    expect(enforcementOf({})).to.equal(undefined);
  });
});
