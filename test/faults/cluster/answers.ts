import http from 'node:http';

/** An answer of the API server. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is done to a request on purpose: another answer, none, before it is served or after, or the right one late. */
export type RequestFault = Answer | { readonly drop: 'request' | 'answer' } | { readonly delayMs: number };

const JSON_HEADERS = { 'Content-Type': 'application/json' };

export const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: JSON_HEADERS,
});

const REASONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** A failure as the API server words it. */
export const failure = (code: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer => {
  const reason = REASONS[code] ?? http.STATUS_CODES[code] ?? '';
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { ...jsonAnswer(code, status), headers: { ...JSON_HEADERS, ...headers } };
};
