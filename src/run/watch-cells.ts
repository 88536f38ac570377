import { PodreachError } from '../errors.ts';
import { pauseUnlessOver } from '../pause.ts';
import type { Observation } from '../probe/index.ts';
import type { Probe } from '../scenario/index.ts';
import type { WatchEvent, WatchResult } from '../watch/index.ts';
import { tickOf } from './record-change.ts';
import { createSight, knownAfterMs, type Recorded } from './sight.ts';
import { startStanding } from './standing-recorder.ts';
import { placeOf } from './watch-list.ts';
import { createWatchedCells, sinceEpoch } from './watched-cells.ts';
import type { World } from './world.ts';

export interface WatchOptions {
  /** A cell is tried this often, or more rarely if there are many. */
  readonly leastTickMs: number;
  /** Default: until the signal. */
  readonly forMs?: number;
  readonly signal: AbortSignal;
  /** The state of each cell is known, as far as it can be. From now on nothing is missed. */
  readonly onBegin?: () => void;
  readonly onEvent: (event: WatchEvent) => void;
  /** From time to time, and after each event. */
  readonly onState?: (cells: WatchResult) => void;
}

const POLL_MS = 100;
const KNOWN_SLACK_MS = 200;
/** A server that is alive has answered by then, even on a busy machine. */
const KNOWN_BY_MS = 10_000;
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
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  const recordable = probes.filter((probe) => world.isRecordable(probe) && placeOf(probe, endpoints));
  const tickMs = Math.max(leastTickMs, tickOf(recordable.length));
  const recorded = await startRecorders(world, recordable, { tickMs, signal: over, onEvent });
  const isRecorded = new Set(recorded.flatMap(({ own }) => own));
  const unrecorded = probes.filter((probe) => !isRecorded.has(probe));
  const first = await takeMatrix(world, unrecorded, signal);
  const has = (probe: Probe): boolean => isRecorded.has(probe);
  const cells = createWatchedCells(probes, { isRecorded: has, tickMs, onEvent, onState });
  const sight = createSight(recorded, cells.followed, tickMs);
  const look = (): void => {
    const nowMs = performance.now();
    cells.tell([...sight(nowMs), ...cells.late(nowMs)]);
  };
  const lookUntil = async (endMs: number, isEnough = () => false): Promise<void> => {
    while (!signal.aborted && !isEnough() && performance.now() < endMs) {
      await pauseUnlessOver(POLL_MS, signal);
      look();
    }
  };
  const takeMatrices = async (): Promise<void> => {
    while (unrecorded.length > 0 && !over.aborted) {
      await pauseUnlessOver(MATRIX_PAUSE_MS, over);
      const beganMs = performance.now();
      const seen = await takeMatrix(world, unrecorded, over);
      if (!over.aborted) cells.tell(cells.see(seen, beganMs));
    }
  };
  let working = Promise.resolve();
  try {
    // A cell whose first state nobody has seen could flip unnoticed.
    await lookUntil(performance.now() + KNOWN_BY_MS, cells.areKnown);
    const startMs = performance.now();
    cells.begin(startMs);
    onBegin();
    cells.tell(cells.see(first, startMs));
    working = takeMatrices();
    await lookUntil(startMs + (forMs ?? Number.POSITIVE_INFINITY));
    // Connections that began by the end are known a little later.
    await pauseUnlessOver(knownAfterMs(tickMs) + KNOWN_SLACK_MS, signal);
    look();
    return cells.result();
  } finally {
    ending.abort();
    await Promise.all([working, ...recorded.map(({ recorder }) => recorder.stop())]);
  }
};

/** One for each source whose image has a recorder. */
const startRecorders = async (
  { source, endpoints }: World,
  probes: readonly Probe[],
  { tickMs, signal, onEvent }: Pick<WatchOptions, 'signal' | 'onEvent'> & { readonly tickMs: number },
): Promise<readonly Recorded[]> => {
  const now = (): number => sinceEpoch(performance.now());
  const started = await Promise.all(
    [...Map.groupBy(probes, ({ from }) => from)].map(async ([from, own]) => {
      const targets = own.map((probe) => placeOf(probe, endpoints)?.target).filter((target) => target !== undefined);
      const recorder = await startStanding(source(from), targets, {
        tickMs,
        signal,
        onBroke: (reason) => onEvent({ kind: 'broke', from, atMs: now(), reason }),
        onAgain: () => onEvent({ kind: 'again', from, atMs: now() }),
      });
      return { own, recorder };
    }),
  );
  return started.flatMap(({ own, recorder }) => (recorder ? [{ own, recorder }] : []));
};

/** A matrix that could not be taken shows nothing. */
const takeMatrix = async (
  world: World,
  probes: readonly Probe[],
  signal: AbortSignal,
): Promise<readonly Observation[]> => {
  if (probes.length === 0 || signal.aborted) return [];
  try {
    return await world.take(probes);
  } catch (error) {
    if (signal.aborted || error instanceof PodreachError) return [];
    throw error;
  }
};
