import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import type { Observation, Verdict } from '../probe/index.ts';
import type { Sample } from '../record/index.ts';
import { probeKey } from '../scenario/index.ts';
import {
  type Change,
  createCellWatch,
  eventsOf,
  keepChange,
  type WatchEvent,
  type WatchResult,
} from '../watch/index.ts';
import { tickOf } from './record-change.ts';
import { createSight, type Followed, knownAfterMs } from './sight.ts';
import { startStanding } from './standing-recorder.ts';
import { placeOf } from './watch-list.ts';
import type { World } from './world.ts';

export interface WatchOptions {
  /** A cell is tried this often, or more rarely if there are many. */
  readonly leastTickMs: number;
  /** Default: until the signal. */
  readonly forMs?: number;
  readonly signal: AbortSignal;
  /** From now on nothing is missed. */
  readonly onBegin?: () => void;
  readonly onEvent: (event: WatchEvent) => void;
  /** From time to time, and after each event. */
  readonly onState?: (cells: WatchResult) => void;
}

const POLL_MS = 100;
const KNOWN_SLACK_MS = 200;
const DARK_MS = 1_000;
/** A matrix may take long on a busy machine. */
const DARK_MATRIX_MS = 60_000;
const MATRIX_PAUSE_MS = 1_000;

/**
 * Watches cells until the time is over or the signal comes: by a recorder in each source that has one, and by matrices, one
 * after another, where that can't be. Whatever breaks meanwhile is a time without evidence, and no verdict.
 */
export const watchCells = async (
  world: World,
  { leastTickMs, forMs, signal, onBegin = () => {}, onEvent, onState = () => {} }: WatchOptions,
): Promise<WatchResult> => {
  const { endpoints, probes } = world;
  const recordable = probes.filter((probe) => world.isRecordable(probe) && placeOf(probe, endpoints));
  const tickMs = Math.max(leastTickMs, tickOf(recordable.length));
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  const now = (): number => Math.round(performance.timeOrigin + performance.now());
  const groups = [...Map.groupBy(recordable, ({ from }) => from)];
  const started = await Promise.all(
    groups.map(async ([from, own]) => {
      const recorder = await startStanding(
        world.source(from),
        own.map((probe) => (placeOf(probe, endpoints) as NonNullable<ReturnType<typeof placeOf>>).target),
        {
          ...{ tickMs, signal: over },
          onBroke: (reason) => onEvent({ kind: 'broke', from, atMs: now(), reason }),
          onAgain: () => onEvent({ kind: 'again', from, atMs: now() }),
        },
      );
      return { own, recorder };
    }),
  );
  const recorded = started.flatMap(({ own, recorder }) => (recorder ? [{ own, recorder }] : []));
  const isRecorded = new Set(recorded.flatMap(({ own }) => own));
  const unrecorded = probes.filter((probe) => !isRecorded.has(probe));
  const first = unrecorded.length > 0 ? await world.take(unrecorded).catch(noMatrix(signal)) : [];
  const startMs = performance.now();
  const followed = new Map(
    probes.map((probe): [string, Followed] => {
      const by = isRecorded.has(probe) ? 'recorder' : 'matrix';
      const darkAfterMs = by === 'recorder' ? Math.max(DARK_MS, 4 * tickMs) : DARK_MATRIX_MS;
      const watch = createCellWatch({ startMs, darkAfterMs, proof: by === 'recorder' ? 2 : 1 });
      return [probeKey(probe), { probe, by, watch, kept: { flips: [], gaps: [] } }];
    }),
  );
  const result = (): WatchResult => ({
    fromMs: Math.round(performance.timeOrigin + startMs),
    toMs: now(),
    tickMs: recorded.length > 0 ? tickMs : null,
    cells: [...followed.values()].map(({ probe, by, watch: { open, seenMs, samples, lost }, kept }) => ({
      ...probe,
      ...{ by, open, samples, lost },
      seenMs: seenMs === null ? null : Math.round(performance.timeOrigin + seenMs),
      ...kept,
    })),
  });
  const tell = (changes: readonly (readonly [Followed, Change])[]): void => {
    const dated = changes.map(([cell, change]) => [cell, sinceEpoch(change)] as const);
    for (const [{ kept }, change] of dated) keepChange(kept, change);
    for (const event of eventsOf(dated.map(([{ probe }, change]) => [probe, change]))) onEvent(event);
    onState(result());
  };
  const see = createSight(recorded, followed, tickMs);
  const byMatrix = [...followed.values()].filter(({ by }) => by === 'matrix');
  const look = (): readonly (readonly [Followed, Change])[] => {
    const nowMs = performance.now();
    const late = byMatrix.flatMap((cell) => cell.watch.reach(nowMs).map((change) => [cell, change] as const));
    return [...see(nowMs), ...late];
  };
  const seeMatrix = (observations: readonly Observation[], atMs: number): void =>
    tell(
      observations.flatMap((one) => {
        const cell = followed.get(probeKey(one)) as Followed;
        return cell.watch.see(sampleOf(one, atMs)).map((change) => [cell, change] as const);
      }),
    );
  const matrices = async (): Promise<void> => {
    while (unrecorded.length > 0 && !over.aborted) {
      await pause(MATRIX_PAUSE_MS, over);
      const beganMs = performance.now();
      const seen = over.aborted ? [] : await world.take(unrecorded).catch(noMatrix(over));
      if (!over.aborted) seeMatrix(seen, beganMs);
    }
  };
  const endMs = startMs + (forMs ?? Number.POSITIVE_INFINITY);
  onBegin();
  seeMatrix(first, startMs);
  const working = matrices();
  try {
    while (!signal.aborted && performance.now() < endMs) {
      await pause(POLL_MS, signal);
      tell(look());
    }
    // Connections that began by the end are known a little later.
    await pause(knownAfterMs(tickMs) + KNOWN_SLACK_MS, signal);
    tell(look());
    return result();
  } finally {
    ending.abort();
    await Promise.all([working, ...recorded.map(({ recorder }) => recorder.stop())]);
  }
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

const sinceEpoch = (change: Change): Change => {
  const at = (ms: number): number => Math.round(performance.timeOrigin + ms);
  if (change.kind === 'flip') return { ...change, atMs: at(change.atMs), afterMs: at(change.afterMs) };
  if (change.kind === 'dark') return { ...change, fromMs: at(change.fromMs) };
  return { ...change, fromMs: at(change.fromMs), toMs: at(change.toMs) };
};

/** A matrix that could not be taken shows nothing. */
const noMatrix =
  (signal: AbortSignal) =>
  (error: unknown): readonly Observation[] => {
    if (signal.aborted || error instanceof PodreachError) return [];
    throw error;
  };

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).then(
    () => undefined,
    () => undefined,
  );
