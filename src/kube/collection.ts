import { pageIn } from './answer.ts';
import type { Credentials } from './credentials.ts';
import { listAll, queryOf } from './list.ts';
import type { KubeObject } from './object.ts';
import { ANSWER_MS, sendRequest } from './request.ts';
import { type ChangeEvent, watchEvents } from './watch-events.ts';

export interface ObserveOptions {
  readonly labelSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The remaining time for everything. */
  readonly leftMs: () => number;
}

/** How long the server keeps a watch open. The list that follows finds what a silently dead connection withheld. */
const WATCH_S = 30;
const WATCH = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: `${WATCH_S}` };
const STALL_MS = (WATCH_S + 5) * 1000;

/**
 * The objects of a collection: first as listed, then after each change that a watch brings. Ends when the watch ends or
 * is too old (410 Gone); the caller then starts again. Throws a PassingError if that may help, otherwise a
 * PodreachError.
 *
 * Ours instead of the informer of @kubernetes/client-node, which does not list again when a watch ends or sends
 * something other than events (watch.test.ts, "starts again"; answer.test.ts, "in a watch is reported"), and the Watch
 * below it ignores Retry-After, takes lines of any length and can't be stopped before the server answers
 * (watch-hostile.test.ts).
 */
export async function* observe(
  credentials: Credentials,
  path: string,
  { labelSelector, signal, leftMs }: ObserveOptions,
): AsyncGenerator<readonly KubeObject[]> {
  const answerMs = (): number => Math.max(1, Math.min(ANSWER_MS, leftMs()));
  const listed = await listAll(async (page) => {
    const query = queryOf({ labelSelector, ...page });
    const request = { method: 'GET', path: path + query, signal, answerMs: answerMs() } as const;
    return pageIn(`list ${path}`, await sendRequest(credentials, request));
  });
  yield listed.objects;
  const objects = new Map(listed.objects.map((object) => [keyOf(object), object]));
  const query = queryOf({ labelSelector, resourceVersion: listed.resourceVersion, ...WATCH });
  const limits = { signal, answerMs: answerMs(), stallMs: Math.min(STALL_MS, leftMs()) };
  for await (const event of watchEvents(credentials, path + query, limits)) {
    if (event.type === 'ERROR') return;
    if (event.type === 'BOOKMARK') continue;
    follow(objects, event);
    yield [...objects.values()];
  }
}

const follow = (objects: Map<string, KubeObject>, { type, object }: ChangeEvent): void => {
  if (type === 'DELETED') objects.delete(keyOf(object));
  else objects.set(keyOf(object), object);
};

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
