import { expect } from 'chai';
import type { Source } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { watchCells } from '../../../src/run/watch-cells.ts';
import type { World } from '../../../src/run/world.ts';
import type { WatchEvent } from '../../../src/watch/index.ts';
import { endpoint, probe } from '../probe/fake-targets.ts';
import { type FakeRecorderOptions, fakeRecorder } from '../record/fake-recorder.ts';
import { skipPauses } from '../skip-pauses.ts';

const PODS = ['prod/web', 'dev/client'].map((name, at) => endpoint(name, at, [{ number: 80, protocol: 'TCP' }]));
const OWN = probe('prod/web', 'prod/web');
const CELL = probe('dev/client', 'prod/web');
const UDP = probe('dev/client', 'prod/web', 53, 'UDP');

interface Circumstances {
  /** Whether web answers a pod so many ms after the beginning. */
  readonly opens?: (from: string, ms: number) => boolean;
  /** Changes the recorder of the client, the first one or a later one. */
  readonly client?: (startMs: number, times: number) => Partial<FakeRecorderOptions>;
  /** The verdict of each matrix. */
  readonly matrices?: readonly Verdict[];
  readonly probes?: World['probes'];
  readonly forMs?: number;
  readonly signal?: AbortSignal;
  readonly onBegin?: () => void;
}

const watch = async (circumstances: Circumstances = {}) => {
  const { opens = () => true, client = () => ({}), matrices = [], probes = [OWN, CELL], forMs = 5_000 } = circumstances;
  const events: WatchEvent[] = [];
  const startMs = performance.now();
  let [taken, beganWith] = [0, 0];
  const recorders: ReturnType<typeof fakeRecorder>[] = [];
  const sourceOf = (from: string): Source => {
    let times = 0;
    return {
      endpoint: from,
      exec: (argv, options) => {
        times += 1;
        const isOpen = (_: string, atMs: number): boolean => opens(from, atMs - startMs);
        const changes = from === 'dev/client' ? client(startMs, times) : {};
        const recorder = fakeRecorder(from, { isOpen, ...changes });
        recorders.push(recorder);
        return recorder.exec(argv, options);
      },
    };
  };
  const result = await watchCells(
    {
      endpoints: new Map(PODS.map((pod) => [pod.endpoint, pod])),
      probes,
      source: sourceOf,
      isRecordable: () => true,
      take: async (asked) => {
        const verdict = matrices[Math.min(taken, matrices.length - 1)];
        taken += 1;
        if (verdict === undefined) throw new PodreachError('no matrix');
        return asked.map((one): Observation => ({ ...one, verdict, flaky: false, attempts: 1, detail: '' }));
      },
    },
    {
      ...{ leastTickMs: 50, forMs },
      signal: circumstances.signal ?? new AbortController().signal,
      onBegin: () => {
        circumstances.onBegin?.();
        beganWith = recorders.reduce((sum, one) => sum + one.running(), 0);
      },
      onEvent: (event) => events.push(event),
    },
  );
  expect(
    recorders.reduce((sum, one) => sum + one.running(), 0),
    'recorders that still run',
  ).to.equal(0);
  return { result, events, cells: result.cells, taken, beganWith };
};

describe('watchCells', () => {
  skipPauses();

  it('reports a cell that closes, and opens again, with the length of the gap', async () => {
    const { cells, events, result, beganWith } = await watch({
      opens: (from, ms) => from !== 'dev/client' || ms < 2_000 || ms > 3_300,
    });
    const [own, cell] = cells;
    expect(own).to.deep.include({ open: true, flips: [], gaps: [], by: 'recorder' });
    expect(cell?.flips.map(({ open }) => open)).to.deep.equal([false, true]);
    expect(cell?.flips[1]?.lastedMs).to.be.within(1_250, 1_350);
    expect(cell?.flips[1]?.afterMs).to.equal((cell?.flips[1]?.atMs ?? 0) - 50);
    expect(cell).to.deep.include({ open: true, gaps: [] });
    expect(events.map(({ kind }) => kind)).to.deep.equal(['flip', 'flip']);
    expect(result.tickMs).to.equal(50);
    expect(beganWith, 'recorders at the beginning').to.equal(2);
    expect(result.toMs - result.fromMs).to.be.within(5_000, 6_500);
  });

  it('begins when it knows the state of each cell, so that it sees the first flip', async () => {
    let hasBegun = false;
    const { cells } = await watch({
      opens: (from) => from !== 'dev/client' || hasBegun,
      onBegin: () => {
        hasBegun = true;
      },
    });
    expect(cells[1]?.flips.map(({ open }) => open)).to.deep.equal([true]);
    expect(cells.flatMap(({ gaps }) => gaps)).to.deep.equal([]);
  });

  it('waits for a server that is late, and begins without one that stays away', async () => {
    const late = await watch({ opens: (_, ms) => ms > 2_500, forMs: 3_000 });
    expect(late.events).to.deep.equal([]);
    expect(late.cells.map(({ open, gaps }) => `${open} ${gaps.length}`)).to.deep.equal(['true 0', 'true 0']);
    const never = await watch({ opens: () => false });
    expect(never.cells.map(({ open, gaps }) => `${open} ${gaps.length}`)).to.deep.equal(['null 1', 'null 1']);
    for (const { gaps } of never.cells) expect(gaps[0]).to.deep.equal({ fromMs: never.result.fromMs, toMs: null });
  });

  it('has no evidence, and no verdict, about a server that is gone', async () => {
    const { cells, events } = await watch({ opens: (_, ms) => ms < 2_000 });
    for (const cell of cells) {
      expect(cell).to.deep.include({ flips: [], open: null });
      expect(cell.gaps.map(({ toMs }) => toMs)).to.deep.equal([null]);
    }
    expect(events.every(({ kind }) => kind === 'dark')).to.equal(true);
  });

  it('has no evidence while a recorder is broken, starts it again, and says so', async () => {
    const { cells, events } = await watch({
      client: (startMs, times) => (times === 1 ? { breaksMs: startMs + 2_000 } : times < 4 ? { says: 'nothing' } : {}),
      forMs: 9_000,
    });
    const [own, cell] = cells;
    expect(own).to.deep.include({ open: true, flips: [], gaps: [] });
    expect(cell).to.deep.include({ open: true, flips: [] });
    expect(cell?.gaps).to.have.length(1);
    expect((cell?.gaps[0]?.toMs ?? 0) - (cell?.gaps[0]?.fromMs ?? 0)).to.be.above(1_500);
    expect(events.map(({ kind }) => kind).toSorted()).to.deep.equal(['again', 'broke', 'dark', 'light']);
    const broke = events.find((event) => event.kind === 'broke');
    expect(broke).to.include({ from: 'dev/client', reason: 'the connection broke' });
  });

  it('says since when a cell may have flipped that did so behind a broken recorder', async () => {
    const { cells } = await watch({
      opens: (from, ms) => from !== 'dev/client' || ms < 2_500,
      client: (startMs, times) => (times === 1 ? { breaksMs: startMs + 2_000 } : times < 4 ? { says: 'nothing' } : {}),
      forMs: 9_000,
    });
    const [flip] = cells[1]?.flips ?? [];
    expect(flip?.open).to.equal(false);
    expect((flip?.atMs ?? 0) - (flip?.afterMs ?? 0)).to.be.above(1_500);
  });

  it('takes matrices of what no recorder can watch, or if there is none', async () => {
    const udp = await watch({ probes: [OWN, CELL, UDP], matrices: ['allowed', 'dropped'] });
    expect(udp.cells.map(({ by, flips }) => `${by} ${flips.map(({ open }) => open)}`)).to.deep.equal([
      ...['recorder ', 'recorder '],
      'matrix false',
    ]);
    expect(udp.taken).to.be.above(3);
    const none = await watch({
      client: () => ({ says: 'missing\n' }),
      matrices: ['dropped', 'error', 'rejected', 'allowed'],
    });
    expect(none.cells.map(({ by, flips }) => `${by} ${flips.map(({ open }) => open)}`)).to.deep.equal([
      'recorder ',
      'matrix true',
    ]);
  });

  it('has no evidence by matrices that can not be taken, and goes on', async () => {
    const { cells, taken } = await watch({ probes: [UDP], forMs: 61_000 });
    expect(cells[0]).to.deep.include({ open: null, samples: 0, flips: [] });
    expect(cells[0]?.gaps).to.have.length(1);
    expect(taken).to.be.above(5);
  });

  it('ends at the signal, with what was seen until then', async () => {
    const interruption = new AbortController();
    const work = watch({ forMs: 1_000_000, signal: interruption.signal });
    await new Promise((resolve) => setTimeout(resolve, 50));
    interruption.abort();
    const { cells } = await work;
    expect(cells.map(({ flips }) => flips)).to.deep.equal([[], []]);
  });
});
