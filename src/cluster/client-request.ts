import http from 'node:http';
import https from 'node:https';
import { PodreachError } from '../errors.ts';
import type { Credentials } from './client-credentials.ts';

export interface Request {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Path and query on the API server. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Response {
  readonly status: number;
  readonly text: string;
}

/** What the API server says of a failure: a Status object, or whatever a proxy in between made of it. */
export const describeResponse = ({ status, text }: Response): string => {
  const said = statusMessage(text);
  return `${status} ${http.STATUS_CODES[status] ?? ''}${said === '' ? '' : `: ${said}`}`.trim();
};

/**
 * The only thing of a connection error that is told: its code. The error itself carries the TLS options, and with them
 * the private key, so it is never a message's part, nor a cause.
 */
export const connectionProblem = (error: unknown): string => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'the connection failed';
};

/**
 * Sends one request and hands the response over as soon as its head is there: for watches.
 * Rejects with a PodreachError when there is no response at all.
 */
export const openRequest = async (credentials: Credentials, request: Request): Promise<http.IncomingMessage> => {
  const { method, path, body, contentType, signal } = request;
  const options = await credentials.options();
  const headers = {
    Accept: 'application/json',
    ...options.headers,
    ...(body !== undefined && {
      'Content-Type': contentType ?? 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
    }),
  };
  const url = urlOf(credentials.server, path);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(
        signal?.aborted
          ? new PodreachError(`${method} ${withoutQuery(path)} was interrupted`)
          : new PodreachError(
              `the API server at ${credentials.server.host} can't be reached: ${connectionProblem(error)}`,
              {
                hint: 'is the cluster up, and does the context name the right one?',
              },
            ),
      );
    try {
      const send = url.protocol === 'http:' ? http.request : https.request;
      send(url, { ...options, method, headers, ...(signal && { signal }) })
        .on('response', resolve)
        .on('error', fail)
        .end(body);
    } catch (error) {
      fail(error);
    }
  });
};

/** Sends one request and reads the whole response, whatever its status. */
export const sendRequest = async (credentials: Credentials, request: Request): Promise<Response> => {
  const response = await openRequest(credentials, request);
  return { status: response.statusCode ?? 0, text: await readText(response, request) };
};

const readText = async (response: http.IncomingMessage, { method, path }: Request): Promise<string> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new PodreachError(`the answer to ${method} ${withoutQuery(path)} broke off: ${connectionProblem(error)}`);
  }
  return Buffer.concat(chunks).toString();
};

/** The server's address may have a path of its own (a proxy in front of many clusters). */
export const urlOf = (server: URL, path: string): URL => new URL(server.pathname.replace(/\/$/, '') + path, server);

const withoutQuery = (path: string): string => path.replace(/\?.*/s, '');

const statusMessage = (text: string): string => {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // No Status object: a proxy's page, or plain text such as kubelet's.
  }
  return text.trim().slice(0, 300);
};
