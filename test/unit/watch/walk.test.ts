import { expect } from 'chai';
import { unseenIn, violationsIn, type Walk, type WatchedCell } from '../../../src/watch/index.ts';

const cell = (from: string, more: Partial<WatchedCell> = {}): WatchedCell => ({
  ...{ from, to: 'prod/web', port: 80, protocol: 'TCP' as const },
  ...{ by: 'recorder' as const, open: true, seenMs: 9_000, samples: 100, lost: 0, flips: [], gaps: [] },
  ...more,
});

/** Changes are made at 1,000 and at 2,000. */
const walkOf = (...cells: readonly WatchedCell[]): Walk => ({
  states: [500, 1_000, 2_000].map((fromMs) => ({ fromMs, enforcedMs: 100, unseen: [] })),
  watched: { fromMs: 400, toMs: 3_000, tickMs: 15, cells },
});

const flip = (atMs: number, open: boolean) => ({ atMs, open, afterMs: atMs - 15, lastedMs: null });

const timesIn = (walk: Walk, isOpen = true) =>
  violationsIn(walk, () => isOpen).map(({ probe, what, after, sinceMs, forMs }) => [
    ...[probe.from, what, after, sinceMs, forMs],
  ]);

describe('violationsIn', () => {
  it('finds each time that a cell was not as it has to be, and the change after which it began', () => {
    const twice = [flip(1_040, false), flip(1_140, true), flip(2_010, false), flip(2_510, true)];
    const walk = walkOf(cell('late', { flips: [flip(2_050, false)], open: false }), cell('a', { flips: twice }));
    expect(timesIn(walk)).to.deep.equal([
      ['a', 'cut', 1, 40, 100],
      ['a', 'cut', 2, 10, 500],
      ['late', 'cut', 2, 50, null],
    ]);
    const opened = walkOf(cell('b', { flips: [flip(1_040, true), flip(1_240, false)], open: false }), cell('c'));
    expect(timesIn(opened, false)).to.deep.equal([
      ['c', 'opened', 0, 0, null],
      ['b', 'opened', 1, 40, 200],
    ]);
  });

  it('says nothing of a cell that always was as it has to be, nor of one that was never seen', () => {
    const unknown = cell('dark', { open: null, seenMs: null, samples: 0, gaps: [{ fromMs: 400, toMs: null }] });
    expect(timesIn(walkOf(cell('a'), unknown))).to.deep.equal([]);
    expect(unseenIn(walkOf(cell('a'), unknown)).map(({ from }) => from)).to.deep.equal(['dark']);
  });
});
