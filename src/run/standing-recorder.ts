import type { Source } from '../deploy/index.ts';
import { asPodreachError } from '../errors.ts';
import { pauseUnlessOver } from '../pause.ts';
import { NoRecorder, type Recorder, type Sample, startRecorder, type Target } from '../record/index.ts';

export interface StandingOptions {
  readonly tickMs: number;
  readonly signal: AbortSignal;
  /** It broke off, for this reason, or could not be started; and it runs again. */
  readonly onBroke: (reason: string) => void;
  readonly onAgain: () => void;
}

/** A recorder in one source that is started again whenever it breaks off, until the signal. */
export interface StandingRecorder {
  /** A target's connections that began before this, each once. */
  take(target: number, beforeMs: number): readonly Sample[];
  /** Ends it. What it has seen stays. */
  stop(): Promise<void>;
}

const LIFETIME_MS = 3_600_000;
const POLL_MS = 100;
const RETRY_MS = 1_000;
/** What a recorder that ended has seen is taken by then. */
const TAKEN_MS = 10_000;

/** Resolves once it runs, or has failed to for the first time. null if the source's image has no recorder. */
export const startStanding = async (
  source: Source,
  targets: readonly Target[],
  { tickMs, signal, onBroke, onAgain }: StandingOptions,
): Promise<StandingRecorder | null> => {
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  let running: readonly Recorder[] = [];
  let isBroken = false;
  const broke = (error: unknown): void => {
    if (!isBroken && !over.aborted) onBroke(asPodreachError(error).message);
    isBroken = true;
  };
  const start = async (): Promise<Recorder | null> => {
    try {
      const recorder = await startRecorder(source, targets, { tickMs, lifetimeMs: LIFETIME_MS, signal: over });
      running = [...running, recorder];
      if (isBroken) onAgain();
      isBroken = false;
      return recorder;
    } catch (error) {
      if (error instanceof NoRecorder) throw error;
      broke(error);
      return null;
    }
  };
  const untilBroken = async (recorder: Recorder, startMs: number): Promise<void> => {
    while (!over.aborted) {
      await pauseUnlessOver(POLL_MS, over);
      try {
        recorder.requireAlive();
      } catch (error) {
        // At the end of its life it is followed by another one.
        if (performance.now() - startMs < LIFETIME_MS) broke(error);
        return;
      }
    }
  };
  const retire = async (recorder: Recorder): Promise<void> => {
    await recorder.stop();
    await pauseUnlessOver(TAKEN_MS, over);
    if (!over.aborted) running = running.filter((one) => one !== recorder);
  };
  const keepRunning = async (first: Recorder | null): Promise<void> => {
    for (let recorder = first; !over.aborted; recorder = over.aborted ? null : await start()) {
      if (recorder) {
        await untilBroken(recorder, performance.now());
        void retire(recorder);
      }
      if (isBroken) await pauseUnlessOver(RETRY_MS, over);
    }
  };
  try {
    const first = await start();
    const work = keepRunning(first).catch(broke);
    return {
      take: (target, beforeMs) => running.flatMap((recorder) => recorder.take(target, beforeMs)),
      stop: async () => {
        ending.abort();
        await Promise.all([work, ...running.map((recorder) => recorder.stop())]);
      },
    };
  } catch (error) {
    if (error instanceof NoRecorder) return null;
    throw error;
  }
};
