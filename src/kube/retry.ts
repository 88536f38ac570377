import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';
import type { Outage } from './outage.ts';
import { ANSWER_MS, PassingError } from './request.ts';

/** Pauses before further attempts, unless the server asks for one. */
const PAUSES_MS = [100, 400, 1000];
const LEAST_PAUSE_MS = 100;
/** Between attempts while the server is away. */
const OUTAGE_PAUSE_MS = 1000;
const ATTEMPTS = 10;
/** How long one call may take, with all its attempts. */
const PATIENCE_MS = 60_000;

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
  /** The outage of the client that asks. */
  readonly outage?: Outage;
  readonly answerMs?: number;
}

/**
 * Repeats an attempt while it fails with a PassingError: three times, or as long as the server says when to come back,
 * or while the server may come back by itself, as after a restart; but never for more than a minute. `attempt` gets the
 * time that it may take, and must be safe to repeat. Throws the last failure, with the number of attempts, or a
 * PodreachError if the signal aborts. Ours, because client-node repeats no request.
 */
export const patiently = async <T>(
  attempt: (answerMs: number) => Promise<T>,
  { signal, patienceMs = PATIENCE_MS, answerMs = ANSWER_MS, outage }: Patience = {},
): Promise<T> => {
  const startMs = performance.now();
  const leftMs = (): number => patienceMs - (performance.now() - startMs);
  for (let tried = 1; ; tried += 1) {
    try {
      const result = await attempt(Math.max(1, Math.min(answerMs, leftMs())));
      outage?.answered();
      return result;
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (!error.isUnanswered) outage?.answered();
      const isAway = error.isUnanswered && (outage?.isPassing() ?? false);
      const pauseMs = pauseAfter(error, tried, isAway);
      if (pauseMs === undefined || pauseMs >= leftMs()) throw lastFailure(error, tried, performance.now() - startMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw new PodreachError('the request to the API server was interrupted');
      });
    }
  }
};

/** How long to wait before the next attempt; undefined if there should be none. */
const pauseAfter = ({ retryAfterMs }: PassingError, tried: number, isAway: boolean): number | undefined => {
  if (tried >= ATTEMPTS && !isAway) return undefined;
  if (retryAfterMs !== undefined) return Math.max(LEAST_PAUSE_MS, retryAfterMs);
  return PAUSES_MS[tried - 1] ?? (isAway ? OUTAGE_PAUSE_MS : undefined);
};

const lastFailure = ({ message, hint, retryAfterMs }: PassingError, tried: number, tookMs: number): PodreachError => {
  const later = retryAfterMs === undefined ? '' : `; it asks for another try in ${durationText(retryAfterMs)}`;
  const times = tried === 1 ? '' : ` (tried ${tried} times in ${durationText(tookMs)})`;
  return new PodreachError(`${message}${later}${times}`, hint === undefined ? {} : { hint });
};
