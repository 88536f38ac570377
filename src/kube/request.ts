import http from 'node:http';
import https from 'node:https';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';
import type { Credentials } from './credentials.ts';

export interface Request {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Path and query on the API server. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take to answer, including the connection but not the credentials; 30 s by default. */
  readonly answerMs?: number;
}

export interface Response {
  readonly status: number;
  readonly text: string;
  readonly headers?: http.IncomingHttpHeaders;
}

interface PassingContext {
  readonly hint?: string;
  readonly retryAfterMs?: number | undefined;
  readonly isUnanswered?: boolean;
}

/** A failure that another attempt may cure, after a pause that the server may request (`Retry-After`). */
export class PassingError extends PodreachError {
  readonly retryAfterMs: number | undefined;
  /** There was no complete answer: the server may be about to come back. */
  readonly isUnanswered: boolean;

  constructor(what: string, context: PassingContext = {}) {
    super(what, context);
    this.retryAfterMs = context.retryAfterMs;
    this.isUnanswered = context.isUnanswered ?? false;
  }
}

/** An answer that takes longer than this never comes: the server is paused, or the connection is dead. */
export const ANSWER_MS = 30_000;
/** Far above any page of a list; keeps an endless answer from filling the memory. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/**
 * The only part of a connection error that is reported: its code. The error itself carries the TLS options, and with
 * them the private key, so it is never part of a message, nor a cause.
 */
export const connectionProblem = (error: unknown): string => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'the connection failed';
};

/**
 * Sends one request and returns the response as soon as its head has arrived, for watches. Ours, because the library's
 * requests have no deadline and don't say how far the connection got (request.test.ts). Rejects with a PassingError
 * if there is no response in time, and with a PodreachError if the signal aborts or there are no credentials.
 */
export const openRequest = async (credentials: Credentials, request: Request): Promise<http.IncomingMessage> => {
  const { method, path, body, contentType, signal, answerMs = ANSWER_MS } = request;
  const options = await credentials.options(signal);
  const headers = {
    Accept: 'application/json',
    'Accept-Encoding': 'identity',
    ...options.headers,
    ...(body !== undefined && {
      'Content-Type': contentType ?? 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
    }),
  };
  const url = urlOf(credentials.server, path);
  const server = `the API server at ${credentials.server.host}`;
  const what = `${method} ${withoutQuery(path)}`;
  return new Promise((resolve, reject) => {
    let sent: http.ClientRequest | undefined;
    const settle = (): void => clearTimeout(timer);
    const timer = setTimeout(() => {
      const late = lateText(sent?.socket ?? null, what, durationText(answerMs));
      reject(new PassingError(`${server} ${late}`, { hint: HINT }));
      sent?.destroy();
    }, answerMs);
    const fail = (error: unknown): void => {
      settle();
      reject(
        signal?.aborted
          ? new PodreachError(`${what} was interrupted`)
          : new PassingError(`${server} ${failureText(error, what)}`, { hint: HINT, isUnanswered: true }),
      );
    };
    try {
      const send = url.protocol === 'http:' ? http.request : https.request;
      sent = send(url, { ...options, method, headers, ...(signal && { signal }) })
        .on('response', (response) => {
          settle();
          resolve(response);
        })
        .on('error', fail)
        .end(body);
    } catch (error) {
      fail(error);
    }
  });
};

const HINT = 'is the cluster up, and does the context name the right one?';

/** The message when the time is up, depending on how far the connection got. */
const lateText = (socket: http.ClientRequest['socket'], what: string, time: string): string => {
  const { connecting = true, secureConnecting = false } = Object(socket) as {
    connecting?: boolean;
    secureConnecting?: boolean;
  };
  if (connecting) return `can't be reached: no connection within ${time}`;
  return secureConnecting
    ? `accepted the connection, but did not start TLS within ${time}`
    : `accepted the connection, but did not answer ${what} within ${time}`;
};

/** The message for a connection that failed before there was an answer. */
const failureText = (error: unknown, what: string): string => {
  const problem = connectionProblem(error);
  return problem === 'ECONNRESET'
    ? `closed the connection before it answered ${what}: ${problem}`
    : `can't be reached: ${problem}`;
};

/**
 * Sends one request and reads the whole response, whatever its status. Rejects as `openRequest` does, but an abort waits
 * a moment for the answer to a change that is under way.
 */
export const sendRequest = (credentials: Credentials, request: Request): Promise<Response> =>
  whileAnswered(request, async (patient) => {
    const startMs = performance.now();
    const response = await openRequest(credentials, patient);
    const leftMs = Math.max(1, (request.answerMs ?? ANSWER_MS) - (performance.now() - startMs));
    const text = await readText(response, patient, leftMs);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  });

/**
 * How long an abort waits for the answer to a change. The server may carry it out after nobody waits any more, and then
 * the cleanup, which looks for what there is, would look too early.
 */
const CHANGE_MS = 3_000;

const whileAnswered = async <T>(request: Request, send: (patient: Request) => Promise<T>): Promise<T> => {
  const { method, signal } = request;
  if (method === 'GET' || !signal || signal.aborted) return send(request);
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(() => late.abort(), CHANGE_MS);
  };
  signal.addEventListener('abort', wait, { once: true });
  try {
    return await send({ ...request, signal: late.signal });
  } finally {
    signal.removeEventListener('abort', wait);
    clearTimeout(timer);
  }
};

const readText = async (
  response: http.IncomingMessage,
  { method, path, signal, answerMs = ANSWER_MS }: Request,
  leftMs: number,
): Promise<string> => {
  const answer = `the answer to ${method} ${withoutQuery(path)}`;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    response.destroy();
  }, leftMs);
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_ANSWER_BYTES) break;
    }
  } catch (error) {
    if (signal?.aborted) throw new PodreachError(`${method} ${withoutQuery(path)} was interrupted`);
    if (!late)
      throw new PassingError(`${answer} broke off after ${bytes} bytes: ${connectionProblem(error)}`, {
        isUnanswered: true,
      });
  } finally {
    clearTimeout(timer);
  }
  if (late) throw new PassingError(`${answer} stalled: ${bytes} bytes arrived within ${durationText(answerMs)}`);
  if (bytes > MAX_ANSWER_BYTES) throw new PodreachError(`${answer} is larger than ${MAX_ANSWER_BYTES / 1024 ** 2} MiB`);
  return Buffer.concat(chunks).toString();
};

/** The server's address may have a path (a proxy in front of many clusters). */
export const urlOf = (server: URL, path: string): URL => new URL(server.pathname.replace(/\/$/, '') + path, server);

const withoutQuery = (path: string): string => path.replace(/\?.*/s, '');
