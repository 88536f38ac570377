import http from 'node:http';
import { PodreachError } from '../errors.ts';
import type { KubeObject } from './object.ts';
import { PassingError, type Response } from './request.ts';

/** The server answered, and did not do what it was asked: 403 if the user may not, 404 if it knows no such thing. */
export class RefusalError extends PodreachError {
  readonly status: number;

  constructor(what: string, status: number, hint?: string) {
    super(what, hint === undefined ? {} : { hint });
    this.status = status;
  }
}

/** How every authorizer's refusal is worded (apiserver's `forbiddenMessage`); admission and quotas answer 403 as well. */
const LACKS_RIGHT = /\bUser ".*" cannot /;

/** What to do about a refusal; undefined if podreach does not know. */
export const hintOnRefusal = (response: Response): string | undefined =>
  response.status === 403 && LACKS_RIGHT.test(statusMessage(response))
    ? 'docs/your-cluster.md, "What you need to be allowed", has the rights that each command needs'
    : undefined;

export interface ListPage {
  readonly items: readonly KubeObject[];
  /** Where the next page begins; empty or absent on the last one. */
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** What the API server says about a failure: a Status object, or whatever a proxy in between made of it. */
export const describeResponse = (response: Response): string => {
  const said = statusMessage(response);
  return `${headOf(response)}${said === '' ? '' : `: ${said}`}`;
};

const headOf = ({ status }: Response): string => `${status} ${http.STATUS_CODES[status] ?? ''}`.trim();

const statusMessage = (response: Response): string => {
  const { message } = Object(jsonIn(response.text)) as { message?: unknown };
  return typeof message === 'string' ? message.slice(0, MESSAGE_CHARACTERS) : excerptOf(response);
};

const MESSAGE_CHARACTERS = 1000;
const EXCERPT_CHARACTERS = 100;

/** The beginning of a readable body, such as a proxy's page. */
const excerptOf = (response: Response): string => {
  const { text, headers } = response;
  const type = headers?.['content-type'] ?? 'text/plain';
  if (!/^text\//i.test(type) || isEncoded(response)) return '';
  return text
    .slice(0, 10_000)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, EXCERPT_CHARACTERS);
};

const isEncoded = ({ headers }: Response): boolean =>
  (headers?.['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';

/** Temporary statuses: a busy server, or a proxy whose server is away. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
/** Server-side apply answers 500 to a body that does not fit the schema, which no further attempt fixes. */
const UNFIT = 'failed to create typed patch object';

/**
 * Throws if the server did not do what it was asked: a PassingError if it may do so later, otherwise a PodreachError
 * with its words.
 */
const requireSuccess = (attempt: string, response: Response): void => {
  const { status, text } = response;
  if (status >= 200 && status < 300) return;
  const message = `the API server refused to ${attempt}: ${describeResponse(response)}`;
  if (PASSING.has(status) && !text.includes(UNFIT))
    throw new PassingError(message, { retryAfterMs: retryAfterMsOf(response) });
  throw new RefusalError(message, status, hintOnRefusal(response));
};

/** `Retry-After` of RFC 9110, 10.2.3: seconds, or a date by the server's clock. */
export const retryAfterMsOf = ({ headers }: Response): number | undefined => {
  const text = headers?.['retry-after'];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const nowMs = Date.parse(headers?.date ?? '');
  const ms = Date.parse(text) - (Number.isNaN(nowMs) ? Date.now() : nowMs);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};

/** The object in an answer to `attempt`; throws a PassingError if there is none. */
export const objectIn = (attempt: string, response: Response): KubeObject => {
  requireSuccess(attempt, response);
  const value = jsonOf(attempt, response);
  if (isObject(value)) return value;
  throw malformed(attempt, response, 'an object without metadata.name');
};

/** The API groups in an answer to `attempt`, each with its versions, the preferred one first. */
export const groupsIn = (attempt: string, response: Response): ReadonlyMap<string, readonly string[]> => {
  requireSuccess(attempt, response);
  const { groups } = jsonOf(attempt, response);
  if (!Array.isArray(groups)) throw malformed(attempt, response, 'not a list of API groups');
  return new Map(
    groups.map((group: unknown) => {
      const { name, versions, preferredVersion } = Object(group) as Record<string, unknown>;
      const all = [preferredVersion, ...(Array.isArray(versions) ? versions : [])];
      return [String(name), [...new Set(all.flatMap((one) => textOf(Object(one).version) ?? []))]];
    }),
  );
};

/** The text in an answer to `attempt`, such as a log. */
export const textIn = (attempt: string, response: Response): string => {
  requireSuccess(attempt, response);
  return response.text;
};

/** The answer to a question that was posted, which needs no name. */
export const reviewIn = (attempt: string, response: Response): KubeObject => {
  requireSuccess(attempt, response);
  return jsonOf(attempt, response) as unknown as KubeObject;
};

/**
 * The page in an answer to `attempt`, or `expired` if the server no longer has it (410 Gone). Throws like `objectIn`.
 */
export const pageIn = (attempt: string, response: Response): ListPage | 'expired' => {
  if (response.status === 410) return 'expired';
  requireSuccess(attempt, response);
  const { items, metadata } = jsonOf(attempt, response);
  if (!Array.isArray(items)) throw malformed(attempt, response, 'a list without an array of items');
  if (!items.every(isObject)) throw malformed(attempt, response, 'a list with an item that has no metadata.name');
  const { continue: next, resourceVersion } = Object(metadata) as Record<string, unknown>;
  return { items, continue: textOf(next), resourceVersion: textOf(resourceVersion) };
};

/** Whether it is something that the API server would print; anything else must not reach a predicate. */
export const isObject = (value: unknown): value is KubeObject => {
  const { metadata } = Object(value) as { metadata?: unknown };
  const { name, namespace } = Object(metadata) as { name?: unknown; namespace?: unknown };
  return typeof name === 'string' && (namespace === undefined || typeof namespace === 'string');
};

const jsonOf = (attempt: string, response: Response): Record<string, unknown> => {
  const value = jsonIn(response.text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed(attempt, response, value === undefined ? 'not JSON' : 'JSON, but not an object');
};

/** Describes the answer without quoting JSON, which may hold anything. */
const malformed = (attempt: string, response: Response, what: string): PassingError => {
  const { headers, text } = response;
  const type = headers?.['content-type'] ?? 'no content type';
  const encoding = isEncoded(response) ? `, compressed as ${headers?.['content-encoding']}` : '';
  const excerpt = jsonIn(text) === undefined ? excerptOf(response) : '';
  return new PassingError(
    `the API server's answer to "${attempt}" is ${what} (${headOf(response)}, ${type}${encoding}, ${Buffer.byteLength(text)} bytes)` +
      (excerpt === '' ? '' : `: ${excerpt}`),
    { hint: 'is there a proxy or a login page between podreach and the API server?' },
  );
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
