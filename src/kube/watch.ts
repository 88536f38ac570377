import { PodreachError } from '../errors.ts';
import { pauseUnlessOver } from '../pause.ts';
import { durationText } from '../stopwatch.ts';
import { observe } from './collection.ts';
import type { Credentials } from './credentials.ts';
import { within } from './deadline.ts';
import type { KubeObject } from './object.ts';
import { AWAY_MS } from './outage.ts';
import { PassingError } from './request.ts';

export interface WaitOptions {
  readonly deadlineMs: number;
  /** What to wait for, as the subject of a sentence: `the pods of prod`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Only objects with these labels, as the API writes selectors: `app=web`. */
  readonly labelSelector?: string;
  /** Says what is missing when the deadline has passed; appended to the error. */
  readonly describe?: (objects: readonly KubeObject[]) => string | Promise<string>;
}

export type Predicate = (objects: readonly KubeObject[]) => boolean;

const RESTART_PAUSE_MS = 200;
/** How long the error may wait for the answer to what is missing. */
const DESCRIBE_MS = 5000;

/**
 * Waits until the objects of a collection satisfy `predicate`, and returns them. Observes the collection, and starts
 * again when that ends or fails temporarily. A predicate may throw to give up early. Throws a PodreachError at the
 * deadline, on abort, and on refusals that waiting can't cure (401, 403, 404, 400).
 */
export const waitForObjects = async (
  credentials: Credentials,
  path: string,
  predicate: Predicate,
  options: WaitOptions,
): Promise<readonly KubeObject[]> => {
  const { deadlineMs, what, describe, labelSelector, signal } = options;
  const endMs = performance.now() + deadlineMs;
  const leftMs = (): number => endMs - performance.now();
  const trouble = createTrouble(what, leftMs);
  let objects: readonly KubeObject[] = [];
  while (!signal?.aborted && leftMs() > 0) {
    let pauseMs = RESTART_PAUSE_MS;
    let answered = false;
    try {
      for await (objects of observe(credentials, path, { labelSelector, signal, leftMs })) {
        answered = true;
        if (predicate(objects)) return objects;
      }
      trouble.end();
    } catch (error) {
      if (signal?.aborted) break;
      if (!(error instanceof PassingError)) throw error;
      trouble.note(error, answered);
      pauseMs = Math.max(RESTART_PAUSE_MS, error.retryAfterMs ?? 0);
    }
    await pauseUnlessOver(Math.min(pauseMs, Math.max(0, leftMs())), signal);
  }
  if (signal?.aborted) throw new PodreachError(`waiting for ${what} was interrupted`);
  const missing = await missingIn(objects, describe);
  throw new PodreachError(
    `${what}: gave up waiting after ${deadlineMs / 1000} s${missing === '' ? '' : `: ${missing}`}${trouble.text()}`,
  );
};

/** The last failure, and since when the API server has been away. */
const createTrouble = (what: string, leftMs: () => number) => {
  let text = '';
  let aliveMs = performance.now();
  return {
    text: () => text,
    end: (): void => {
      text = '';
      aliveMs = performance.now();
    },
    /** Throws a PodreachError once the server has been away for too long. */
    note: ({ message, retryAfterMs }: PassingError, answered: boolean): void => {
      // A request that the deadline cut short says less than the failure before it.
      if (leftMs() > 0 || text === '') text = `; last error: ${message}`;
      if (answered || retryAfterMs !== undefined) aliveMs = performance.now();
      const awayMs = performance.now() - aliveMs;
      if (awayMs > AWAY_MS)
        throw new PodreachError(
          `waiting for ${what}: the API server did not answer for ${durationText(awayMs)}${text}`,
        );
    },
  };
};

/** What is missing, if that can be found out; a silent server must not hold up the error. */
const missingIn = async (objects: readonly KubeObject[], describe: WaitOptions['describe']): Promise<string> => {
  const saying = (async () => (await describe?.(objects)) ?? '')();
  const late = (): PodreachError => new PodreachError('too late');
  return within(saying, DESCRIBE_MS, late).catch(() => '');
};
