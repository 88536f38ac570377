/** The cells that are watched, and what became of each. */
import type { Observation, Verdict } from '../probe/index.ts';
import type { Sample } from '../record/index.ts';
import { type Probe, probeKey } from '../scenario/index.ts';
import {
  type Change,
  createCellWatch,
  eventsOf,
  keepChange,
  type WatchEvent,
  type WatchResult,
} from '../watch/index.ts';
import type { Followed } from './sight.ts';

/** A cell, and what was just found out about it. */
export type CellChange = readonly [Followed, Change];

export interface WatchedCells {
  readonly followed: ReadonlyMap<string, Followed>;
  /** Whether each recorded cell has shown its state. */
  areKnown(): boolean;
  /** From now on they are watched. */
  begin(atMs: number): void;
  /** Keeps and reports changes. */
  tell(changes: readonly CellChange[]): void;
  /** What a matrix that began then showed. */
  see(observations: readonly Observation[], atMs: number): readonly CellChange[];
  /** The cells that no matrix has shown in time. */
  late(nowMs: number): readonly CellChange[];
  result(): WatchResult;
}

interface Options {
  readonly isRecorded: (probe: Probe) => boolean;
  readonly tickMs: number;
  readonly onEvent: (event: WatchEvent) => void;
  readonly onState: (cells: WatchResult) => void;
}

const DARK_MS = 1_000;
/** A matrix may take long on a busy machine. */
const DARK_MATRIX_MS = 60_000;

export const createWatchedCells = (
  probes: readonly Probe[],
  { isRecorded, tickMs, onEvent, onState }: Options,
): WatchedCells => {
  const followed = new Map(
    probes.map((probe): [string, Followed] => {
      const way = isRecorded(probe)
        ? ({ by: 'recorder', darkAfterMs: Math.max(DARK_MS, 4 * tickMs), proof: 2 } as const)
        : ({ by: 'matrix', darkAfterMs: DARK_MATRIX_MS, proof: 1 } as const);
      const watch = createCellWatch({ darkAfterMs: way.darkAfterMs, proof: way.proof });
      return [probeKey(probe), { probe, by: way.by, watch, kept: { flips: [], gaps: [] } }];
    }),
  );
  const cells = [...followed.values()];
  let startMs: number | null = null;
  const result = (): WatchResult => ({
    fromMs: sinceEpoch(startMs ?? performance.now()),
    toMs: sinceEpoch(performance.now()),
    tickMs: cells.some(({ by }) => by === 'recorder') ? tickMs : null,
    cells: cells.map(({ probe, by, watch: { open, samples, lost, seenMs }, kept }) => ({
      ...probe,
      ...{ by, open, samples, lost },
      seenMs: seenMs === null ? null : sinceEpoch(seenMs),
      ...kept,
    })),
  });
  return {
    followed,
    areKnown: () => cells.every(({ by, watch }) => by === 'matrix' || watch.seenMs !== null),
    begin: (atMs) => {
      startMs = atMs;
      for (const { watch } of cells) watch.begin(atMs);
    },
    tell: (changes) => {
      const dated = changes.map(([cell, change]) => [cell, datedChange(change)] as const);
      for (const [{ kept }, change] of dated) keepChange(kept, change);
      for (const event of eventsOf(dated.map(([{ probe }, change]) => [probe, change]))) onEvent(event);
      if (startMs !== null) onState(result());
    },
    see: (observations, atMs) =>
      observations.flatMap((one) => {
        const cell = followed.get(probeKey(one)) as Followed;
        return cell.watch.see(sampleOf(one, atMs)).map((change): CellChange => [cell, change]);
      }),
    late: (nowMs) =>
      cells
        .filter(({ by }) => by === 'matrix')
        .flatMap((cell) => cell.watch.reach(nowMs).map((change): CellChange => [cell, change])),
    result,
  };
};

const OUTCOMES: Readonly<Record<Verdict, Sample['outcome']>> = {
  allowed: 'answered',
  dropped: 'silent',
  rejected: 'refused',
  error: null,
  unsupported: null,
};

const sampleOf = ({ verdict, flaky }: Observation, atMs: number): Sample => ({
  atMs,
  outcome: flaky ? null : OUTCOMES[verdict],
});

/** A time of `performance.now()` in ms since 1970. */
export const sinceEpoch = (ms: number): number => Math.round(performance.timeOrigin + ms);

const datedChange = (change: Change): Change => {
  if (change.kind === 'flip') {
    return { ...change, atMs: sinceEpoch(change.atMs), afterMs: sinceEpoch(change.afterMs) };
  }
  if (change.kind === 'dark') return { ...change, fromMs: sinceEpoch(change.fromMs) };
  return { ...change, fromMs: sinceEpoch(change.fromMs), toMs: sinceEpoch(change.toMs) };
};
