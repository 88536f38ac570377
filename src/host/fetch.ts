import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';

export interface Fetching {
  /** As the beginning of a sentence: `fetching the manifest`. */
  readonly purpose: string;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly hint: string;
}

/**
 * Asks for an address and returns the answer once its head is there. Goes through the proxy that HTTPS_PROXY, HTTP_PROXY
 * and NO_PROXY name; Node's own `fetch` does so only where the process was started with a flag. Rejects with what the
 * connection failed of, and with an AbortError when the signal aborts.
 */
export const openUrl = (url: string, signal: AbortSignal): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const proxyEnv = process.env;
    const request = url.startsWith('https:')
      ? https.get(url, { agent: new https.Agent({ proxyEnv }), signal })
      : http.get(url, { agent: new http.Agent({ proxyEnv }), signal });
    request.on('response', resolve).on('error', reject);
  });

/** The text at an address, of at most a few megabytes. Throws a PodreachError unless there is one in time. */
export const fetchText = async (url: string, { purpose, timeoutMs, hint }: Fetching): Promise<string> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const failed = (why: string) => new PodreachError(`${purpose}: ${url} ${why}`, { hint });
  try {
    const response = await openUrl(url, signal);
    if (response.statusCode === 200) return await text(response);
    response.destroy();
    throw failed(`answered with status ${response.statusCode}`);
  } catch (error) {
    if (error instanceof PodreachError) throw error;
    throw failed(signal.aborted ? `did not answer within ${durationText(timeoutMs)}` : `failed: ${reasonOf(error)}`);
  }
};

/** Why no connection came about: a code like ECONNREFUSED, otherwise the error's own words. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = Object(error) as { code?: string; message?: string };
  return code ?? message ?? 'no reason is known';
};
