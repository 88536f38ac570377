import { isObject, retryAfterMsOf } from './answer.ts';
import type { Credentials } from './credentials.ts';
import type { KubeObject } from './object.ts';
import { openRequest, PassingError } from './request.ts';

export interface ChangeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** A change, a mark that the watch is alive, or its end because it is too old to continue. */
export type WatchEvent = ChangeEvent | { readonly type: 'BOOKMARK' } | { readonly type: 'ERROR' };

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take to start. */
  readonly answerMs: number;
  /** When the watch ends by itself, because a silently dead connection looks like one on which nothing happens. */
  readonly stallMs: number;
}

/** No object is that large: etcd takes 1.5 MiB. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/**
 * The events of a watch. Throws a PassingError if it breaks off or sends something else; ends when the server ends it,
 * and after `stallMs`. Ours, because the library's Watch skips what is not an event, and more (see `observe`).
 */
export async function* watchEvents(
  credentials: Credentials,
  path: string,
  { signal, answerMs, stallMs }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const response = await openRequest(credentials, { method: 'GET', path, signal, answerMs });
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    response.destroy();
  }, stallMs);
  try {
    const { statusCode: status = 0, headers } = response;
    if (status !== 200) {
      const retryAfterMs = retryAfterMsOf({ status, headers, text: '' });
      throw new PassingError(`the watch ended with ${status}`, { retryAfterMs });
    }
    response.setEncoding('utf8');
    for await (const line of linesOf(response)) yield eventIn(line);
  } catch (error) {
    if (over) return;
    // The consumer of this generator throws its own errors outside it, so this one is the connection's.
    throw error instanceof PassingError ? error : new PassingError('the watch broke off');
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

/** The complete lines of a stream; throws a PassingError at one that is too long. */
async function* linesOf(stream: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    rest += chunk;
    if (rest.length > MAX_LINE_CHARACTERS) throw new PassingError('the watch sent an event that does not end');
    // Searching a long line from its beginning at each chunk would take seconds.
    if (!chunk.includes('\n')) continue;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}

const eventIn = (line: string): WatchEvent => {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw new PassingError('the watch sent something that is not JSON');
  }
  const { type, object } = Object(event) as { type?: unknown; object?: unknown };
  if (type === 'ERROR' || type === 'BOOKMARK') return { type };
  if ((type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') && isObject(object)) return { type, object };
  throw new PassingError('the watch sent something that is not an event');
};
