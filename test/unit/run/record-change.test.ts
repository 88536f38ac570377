import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type RecordedChange, recordChange, tickOf } from '../../../src/run/record-change.ts';
import type { Watched, WatchList } from '../../../src/run/watch-list.ts';
import { failureOf } from '../failure-of.ts';
import { type FakeRecorderOptions, fakeRecorder } from '../record/fake-recorder.ts';
import { skipPauses } from '../skip-pauses.ts';

const watched = (to: string, direction: Watched['direction'], host: string): Watched => ({
  probe: { from: 'a/x', to, port: 80, protocol: 'TCP' },
  direction,
  fromNode: 'n1',
  toNode: 'n2',
  target: { host, port: 80 },
});
const LIST: WatchList = {
  watched: [watched('a/y', 'closed', '10.0.0.1'), watched('a/z', 'steady', '10.0.0.2')],
  unwatched: 4,
};
const OPTIONS = { signal: new AbortController().signal, settleTimeoutMs: 900 };

const record = async (
  isOpen: FakeRecorderOptions['isOpen'],
  change: Partial<RecordedChange> = {},
  withinMs?: number,
) => {
  const source = fakeRecorder('a/x', { isOpen });
  const made = {
    make: async (onAccepted: () => void) => onAccepted(),
    settle: async () => [],
    ...change,
  };
  const recording = await recordChange({ source: () => source }, LIST, made, { ...OPTIONS, withinMs });
  expect(source.running()).to.equal(0);
  return recording;
};

describe('a recorded change', () => {
  skipPauses();

  it('is followed from before it is made until each cell has changed, in one exec per source', async () => {
    let closesMs = Number.POSITIVE_INFINITY;
    const recording = await record((target, atMs) => target !== '10.0.0.1,80' || atMs < closesMs, {
      make: async (onAccepted) => {
        await sleep(20);
        onAccepted();
        closesMs = performance.now() + 300;
      },
    });
    const [closed, steady] = recording.cells;
    expect(closed?.enforcedMs).to.be.within(299, 316);
    expect(closed?.gapMs).to.equal(15);
    expect(closed?.turns[0]?.atMs).to.be.below(0);
    expect(steady).to.deep.include({ direction: 'steady', enforcedMs: null, late: 0, broken: 0 });
    expect(recording).to.include({ tickMs: 15, deadlineMs: 900, unwatched: 4 });
    expect(recording).not.to.have.any.keys('lateNodes', 'withinMs');
  });

  it('is not made before each cell has shown what it is, which a busy machine may delay', async () => {
    const beganMs = performance.now();
    let madeMs = 0;
    const isOpen = (_target: string, atMs: number) =>
      atMs < beganMs + 700 ? null : madeMs === 0 || atMs < madeMs + 10;
    const { cells } = await record(isOpen, {
      make: async (onAccepted) => {
        madeMs = performance.now();
        onAccepted();
      },
    });
    expect(madeMs - beganMs).to.be.above(700);
    expect(cells[0]?.enforcedMs).to.be.within(10, 30);
  });

  it('is followed until each other cell has shown itself, too, which a busy machine may delay', async () => {
    let changedMs = Number.POSITIVE_INFINITY;
    const isOpen = (target: string, atMs: number) => {
      if (target === '10.0.0.2,80') return atMs < changedMs + 500 ? null : true;
      return atMs < changedMs;
    };
    const recording = await record(isOpen, {
      make: async (onAccepted) => {
        onAccepted();
        changedMs = performance.now();
      },
    });
    expect(recording.watchedMs).to.be.within(800, 1_150);
    expect(recording.cells[1]?.turns).to.have.length(1);
  });

  it('is given up at the deadline if a cell does not change', async () => {
    const recording = await record(() => true, { settle: async () => ['n2'] }, 100);
    expect(recording.cells[0]).to.deep.include({ enforcedMs: null });
    expect(recording.cells[0]?.late).to.be.within(40, 85);
    expect(recording.watchedMs).to.be.within(1_200, 1_250);
    expect(recording).to.deep.include({ lateNodes: ['n2'], withinMs: 100 });
  });

  it('ends the recorders if it fails', async () => {
    const source = fakeRecorder('a/x', { isOpen: () => true });
    const make = () => Promise.reject(new Error('refused'));
    const failed = recordChange({ source: () => source }, LIST, { make, settle: async () => [] }, OPTIONS);
    expect((await failureOf(failed)).message).to.equal('refused');
    expect(source.running()).to.equal(0);
  });

  it('tries each cell less often if there are many', () => {
    expect([1, 30, 40, 300].map(tickOf)).to.deep.equal([15, 15, 20, 150]);
  });
});
