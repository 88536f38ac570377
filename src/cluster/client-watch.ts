import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import type { Credentials } from './client-credentials.ts';
import type { KubeObject } from './client-object.ts';
import { describeResponse, openRequest, sendRequest } from './client-request.ts';

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

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject & { readonly code?: number; readonly message?: string };
}

const RESTART_PAUSE_MS = 200;
/** A server that is away for longer does not come back: its node is gone, or the Engine under it. */
const AWAY_MS = 20_000;

/**
 * Waits until the objects of a collection satisfy `predicate`, and returns them. Lists once, then follows a watch; a
 * watch that ends, fails or is too old (410 Gone) begins anew with a list. A predicate may throw to give up early.
 * Throws a PodreachError at the deadline, on abort, and on refusals that waiting can't cure (401, 403, 404, 400).
 */
export const waitForObjects = async (
  credentials: Credentials,
  path: string,
  predicate: Predicate,
  options: WaitOptions,
): Promise<readonly KubeObject[]> => {
  const { deadlineMs, what, describe } = options;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  let objects = new Map<string, KubeObject>();
  let problem = '';
  let awaySinceMs: number | undefined;
  while (!signal.aborted) {
    try {
      const listed = await listObjects(credentials, path, { ...options, signal });
      objects = listed.objects;
      awaySinceMs = undefined;
      if (predicate([...objects.values()])) return [...objects.values()];
      for await (const event of watchObjects(credentials, path, listed.resourceVersion, { ...options, signal })) {
        if (event.type === 'ERROR') break;
        if (event.type === 'BOOKMARK') continue;
        follow(objects, event);
        if (predicate([...objects.values()])) return [...objects.values()];
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof Passing)) throw error;
      problem = `; last: ${error.message}`;
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > AWAY_MS)
        throw new PodreachError(`waiting for ${what}: the API server was away for ${AWAY_MS / 1000} s${problem}`);
    }
    await sleep(RESTART_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  if (options.signal?.aborted) throw new PodreachError(`waiting for ${what} was interrupted`);
  const missing = describe ? await describe([...objects.values()]) : '';
  throw new PodreachError(
    `${what}: not there after ${deadlineMs / 1000} s${missing === '' ? '' : `: ${missing}`}${problem}`,
  );
};

/** A failure that another attempt may cure. */
class Passing extends Error {}

const HOPELESS = new Set([400, 401, 403, 404, 405]);

const orThrow = (path: string, response: { status: number; text: string }): void => {
  if (response.status === 200) return;
  const said = describeResponse(response);
  if (HOPELESS.has(response.status)) throw new PodreachError(`the API server refused to list ${path}: ${said}`);
  throw new Passing(said);
};

const passing = <T>(attempt: Promise<T>): Promise<T> =>
  attempt.catch((error: unknown) => {
    throw new Passing(error instanceof PodreachError ? error.message : 'the connection failed');
  });

const listObjects = async (
  credentials: Credentials,
  path: string,
  options: WaitOptions,
): Promise<{ objects: Map<string, KubeObject>; resourceVersion: string }> => {
  const request = { method: 'GET', path: path + queryOf(options), signal: options.signal } as const;
  const response = await passing(sendRequest(credentials, request));
  orThrow(path, response);
  const list = JSON.parse(response.text) as { items?: KubeObject[]; metadata: { resourceVersion: string } };
  return {
    objects: new Map((list.items ?? []).map((object) => [keyOf(object), object])),
    resourceVersion: list.metadata.resourceVersion,
  };
};

async function* watchObjects(
  credentials: Credentials,
  path: string,
  resourceVersion: string,
  options: WaitOptions,
): AsyncGenerator<WatchEvent> {
  const query = queryOf(options, { watch: 'true', allowWatchBookmarks: 'true', resourceVersion });
  const response = await passing(
    openRequest(credentials, { method: 'GET', path: path + query, signal: options.signal }),
  );
  try {
    if (response.statusCode !== 200) throw new Passing(`the watch ended with ${response.statusCode}`);
    let rest = '';
    response.setEncoding('utf8');
    for await (const chunk of response) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as WatchEvent;
    }
  } catch (error) {
    // Whoever consumes this generator throws his own errors outside of it, so this is the connection's.
    throw error instanceof Passing ? error : new Passing('the watch broke off');
  } finally {
    response.destroy();
  }
}

const follow = (objects: Map<string, KubeObject>, { type, object }: WatchEvent): void => {
  if (type === 'DELETED') objects.delete(keyOf(object));
  else objects.set(keyOf(object), object);
};

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const queryOf = ({ labelSelector }: WaitOptions, parameters: Record<string, string> = {}): string => {
  const query = new URLSearchParams({
    ...parameters,
    ...(labelSelector !== undefined && { labelSelector }),
  }).toString();
  return query === '' ? '' : `?${query}`;
};
