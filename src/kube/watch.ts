import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';
import { pageIn } from './answer.ts';
import type { Credentials } from './credentials.ts';
import { within } from './deadline.ts';
import { listAll, queryOf } from './list.ts';
import type { KubeObject } from './object.ts';
import { AWAY_MS } from './outage.ts';
import { ANSWER_MS, PassingError, sendRequest } from './request.ts';
import { type ChangeEvent, watchEvents } from './watch-events.ts';

export interface WaitOptions {
  readonly deadlineMs: number;
  /** What is waited for, as the subject of a sentence: `the pods of prod`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Only objects with these labels, as the API writes selectors: `app=web`. */
  readonly labelSelector?: string;
  /** Says, once the deadline has passed, what is missing; appended to the error. */
  readonly describe?: (objects: readonly KubeObject[]) => string | Promise<string>;
}

export type Predicate = (objects: readonly KubeObject[]) => boolean;

const RESTART_PAUSE_MS = 200;
/** How long the server keeps a watch open. The list that follows finds what a connection that died silently withheld. */
const WATCH_S = 30;
const WATCH = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: `${WATCH_S}` };
const STALL_MS = (WATCH_S + 5) * 1000;
/** How long the error may be held up by the question what is missing. */
const DESCRIBE_MS = 5000;

/**
 * Waits until the objects of a collection satisfy `predicate`, and returns them. Lists once, then follows a watch; a
 * watch that ends, fails, stalls or is too old (410 Gone) begins anew with a list. A predicate may throw to give up early.
 * Throws a PodreachError at the deadline, on abort, and on refusals that waiting can't cure (401, 403, 404, 400).
 */
export const waitForObjects = async (
  credentials: Credentials,
  path: string,
  predicate: Predicate,
  options: WaitOptions,
): Promise<readonly KubeObject[]> => {
  const { deadlineMs, what, describe, labelSelector, signal } = options;
  const startMs = performance.now();
  const leftMs = (): number => deadlineMs - (performance.now() - startMs);
  const answerMs = (): number => Math.max(1, Math.min(ANSWER_MS, leftMs()));
  let objects = new Map<string, KubeObject>();
  let problem = '';
  let aliveMs = startMs;
  while (!signal?.aborted && leftMs() > 0) {
    let pauseMs = RESTART_PAUSE_MS;
    let answered = false;
    try {
      const listed = await listAll(async (page) => {
        const query = queryOf({ labelSelector, ...page });
        const request = { method: 'GET', path: path + query, signal, answerMs: answerMs() } as const;
        return pageIn(`list ${path}`, await sendRequest(credentials, request));
      });
      answered = true;
      objects = new Map(listed.objects.map((object) => [keyOf(object), object]));
      if (predicate(listed.objects)) return listed.objects;
      const { resourceVersion } = listed;
      const query = queryOf({ labelSelector, resourceVersion, ...WATCH });
      const limits = { signal, answerMs: answerMs(), stallMs: Math.min(STALL_MS, leftMs()) };
      for await (const event of watchEvents(credentials, path + query, limits)) {
        if (event.type === 'ERROR') break;
        if (event.type === 'BOOKMARK') continue;
        follow(objects, event);
        if (predicate([...objects.values()])) return [...objects.values()];
      }
      problem = '';
      aliveMs = performance.now();
    } catch (error) {
      if (signal?.aborted) break;
      if (!(error instanceof PassingError)) throw error;
      // What the deadline cut short says less than what came before.
      if (leftMs() > 0 || problem === '') problem = `; last: ${error.message}`;
      const { retryAfterMs } = error;
      if (answered || retryAfterMs !== undefined) aliveMs = performance.now();
      const awayMs = performance.now() - aliveMs;
      if (awayMs > AWAY_MS)
        throw new PodreachError(`waiting for ${what}: the API server was away for ${durationText(awayMs)}${problem}`);
      pauseMs = Math.max(RESTART_PAUSE_MS, retryAfterMs ?? 0);
    }
    await sleep(Math.min(pauseMs, Math.max(0, leftMs())), undefined, { signal }).catch(() => undefined);
  }
  if (signal?.aborted) throw new PodreachError(`waiting for ${what} was interrupted`);
  const missing = await missingIn([...objects.values()], describe);
  throw new PodreachError(
    `${what}: not there after ${deadlineMs / 1000} s${missing === '' ? '' : `: ${missing}`}${problem}`,
  );
};

/** What is missing, as far as that can be found out; a server that is silent must not hold up the error. */
const missingIn = async (objects: readonly KubeObject[], describe: WaitOptions['describe']): Promise<string> => {
  const saying = (async () => (await describe?.(objects)) ?? '')();
  const late = (): PodreachError => new PodreachError('too late');
  return within(saying, DESCRIBE_MS, late).catch(() => '');
};

const follow = (objects: Map<string, KubeObject>, { type, object }: ChangeEvent): void => {
  if (type === 'DELETED') objects.delete(keyOf(object));
  else objects.set(keyOf(object), object);
};

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
