import { allOrUndone } from '../all-or-none.ts';
import type { Deployment } from '../deploy/index.ts';
import { pause } from '../pause.ts';
import { evaluate, hasReached, hasShown, type Recorder, type Recording, startRecorder } from '../record/index.ts';
import type { Stage } from './stage.ts';
import type { Watched, WatchList } from './watch-list.ts';

export interface RecordOptions extends Pick<Stage, 'signal' | 'settleTimeoutMs'> {
  readonly withinMs?: number | undefined;
}

/** What a change is made of. */
export interface RecordedChange {
  /** Makes it, and calls `onAccepted` whenever the API server has accepted a part of it. */
  make(onAccepted: () => void): Promise<void>;
  /** Resolves when the nodes have followed, or with those that did not. */
  settle(): Promise<readonly string[]>;
}

/** Each cell is tried this often, as long as that makes no more connections per second than that. */
const TICK_MS = 15;
const CONNECTIONS_PER_SECOND = 2_000;
const POLL_MS = 10;
/** Of a cell's connections, those that prove its state. */
const LAST = 12;
/** A connection is known to be silent a moment later, so what began by the end is known after this time. */
const CONFIRM_MS = 300;
/** By then a cell has shown what it is before the change, even on a busy machine. */
const SHOWN_MS = 5_000;
/** Making the change may take this long, in addition to settling. */
const CHANGE_MS = 120_000;

/** How often each of so many cells is tried. */
export const tickOf = (cells: number): number => Math.max(TICK_MS, Math.ceil((1000 * cells) / CONNECTIONS_PER_SECOND));

/** A cell, and the recorder that watches it. */
interface Followed {
  readonly cell: Watched;
  readonly recorder: Recorder;
  /** Its place among the targets of the recorder. */
  readonly target: number;
}

/**
 * Makes a change while the cells are recorded, and goes on until each that changes has done so, each other one has shown
 * that it did not, and the nodes have followed, or until the deadline.
 */
export const recordChange = async (
  deployment: Pick<Deployment, 'source'>,
  { watched, unwatched }: WatchList,
  change: RecordedChange,
  { signal, settleTimeoutMs, withinMs }: RecordOptions,
): Promise<Recording> => {
  const tickMs = tickOf(watched.length);
  const lifetimeMs = SHOWN_MS + CHANGE_MS + settleTimeoutMs;
  const followed = await startAll(deployment, watched, { tickMs, lifetimeMs, signal });
  const recorders = [...new Set(followed.map(({ recorder }) => recorder))];
  try {
    // Nobody could tell when a cell changed if nothing was known of it before.
    await until(
      followed,
      ({ recorder, target }) => hasShown(recorder.samples(target, LAST)),
      performance.now() + SHOWN_MS,
      signal,
    );
    const acceptedMs: number[] = [];
    await change.make(() => void acceptedMs.push(performance.now()));
    if (acceptedMs.length === 0) acceptedMs.push(performance.now());
    const acknowledgedMs = Math.max(...acceptedMs);
    const endMs = acknowledgedMs + settleTimeoutMs;
    const [lateNodes] = await Promise.all([
      change.settle(),
      until(followed, (one) => hasSettled(one, acknowledgedMs), endMs, signal),
    ]);
    await pause(CONFIRM_MS, signal, 'recording');
    for (const recorder of recorders) recorder.requireAlive();
    const watchedMs = Math.round(performance.now() - acknowledgedMs);
    await Promise.all(recorders.map((recorder) => recorder.stop()));
    return {
      tickMs,
      clockErrorMs: Math.ceil(10 * Math.max(0, ...recorders.map((recorder) => recorder.clockErrorMs()))) / 10,
      requestsMs: Math.round(acknowledgedMs - Math.min(...acceptedMs)),
      watchedMs,
      deadlineMs: settleTimeoutMs,
      ...(withinMs !== undefined && { withinMs }),
      cells: followed.map(({ cell: { probe, target: _, ...place }, recorder, target }) =>
        evaluate({ ...probe, ...place }, recorder.samples(target), acknowledgedMs),
      ),
      unwatched,
      ...(lateNodes.length > 0 && { lateNodes }),
    };
  } finally {
    await Promise.all(recorders.map((recorder) => recorder.stop()));
  }
};

const startAll = async (
  deployment: Pick<Deployment, 'source'>,
  watched: readonly Watched[],
  options: Parameters<typeof startRecorder>[2],
): Promise<readonly Followed[]> => {
  const bySource = [...Map.groupBy(watched, ({ probe }) => probe.from)];
  const starting = bySource.map(async ([from, cells]) => {
    const targets = cells.map(({ target }) => target);
    return { cells, recorder: await startRecorder(deployment.source(from), targets, options) };
  });
  const started = await allOrUndone(starting, ({ recorder }) => recorder.stop());
  return started.flatMap(({ cells, recorder }) => cells.map((cell, target) => ({ cell, recorder, target })));
};

/** Whether a cell that changes has the new state, or another one has shown its own since. */
const hasSettled = ({ cell: { direction }, recorder, target }: Followed, acknowledgedMs: number): boolean => {
  const samples = recorder.samples(target, LAST);
  return direction === 'steady'
    ? hasShown(samples, acknowledgedMs)
    : hasReached(samples, direction === 'opened', acknowledgedMs);
};

/** Resolves when this was true of each cell once, or at the end. */
const until = async (
  followed: readonly Followed[],
  isDone: (one: Followed) => boolean,
  endMs: number,
  signal: AbortSignal,
): Promise<void> => {
  let left = followed;
  while (left.length > 0 && performance.now() < endMs) {
    await pause(POLL_MS, signal, 'recording');
    for (const { recorder } of left) recorder.requireAlive();
    left = left.filter((one) => !isDone(one));
  }
};
