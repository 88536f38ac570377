import { isIP } from 'node:net';
import type { Family } from '../scenario/index.ts';
import type { Ending } from './batch.ts';
import { readDnsAnswer } from './dns-message.ts';

/** What a tool's output is read by. */
export interface Terms {
  /** How long the tool waits for an answer once all of its exec have started. */
  readonly limitMs: number;
  /** How long after it the last of them started; default: 0. */
  readonly headStartMs?: number;
  /** What the right servers answer when asked who they are, each with its endpoint. */
  readonly answers: ReadonlyMap<string, string>;
  /** The query sent to a name server. */
  readonly lookup?: { readonly query: Buffer; readonly family: Family } | undefined;
}

/** The address and port of the caller, as agnhost's netexec reports them at /clientip. */
const CALLER = /^(?:\[([0-9a-f.:]+)\]|([0-9.]+)):\d+$/;
export const callerIn = ({ output }: Ending): string | undefined => {
  const [, bracketed, plain] = CALLER.exec(output) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIP(address) === 0 ? undefined : address;
};

/**
 * The kernel's messages for a refusal that came over the network: RST, and what ICMP errors become (icmp_err_convert in
 * Linux net/ipv4/icmp.c; `prohibited` types read "No route to host", musl says "Host is unreachable"). "Network is
 * unreachable" is not included: a source without a route reports it without sending anything.
 */
const REFUSALS: readonly RegExp[] = [
  /Connection refused/i,
  /Connection reset/i,
  /No route to host/i,
  /Host is unreachable/i,
  /prohibited/i,
];

export const refusalIn = ({ output }: Ending): string | undefined =>
  REFUSALS.map((refusal) => refusal.exec(output)?.[0]).find((found) => found !== undefined);

/** The server that answered, if several may. */
export const answeredBy = ({ output }: Ending, { answers }: Terms): string =>
  new Set(answers.values()).size > 1 ? `answered by ${answers.get(output)}` : 'answered';

/**
 * What the name server answered, from the hexadecimal bytes that od printed; null if that is no answer to the query.
 */
export const answerIn = ({ output }: Ending, { lookup }: Terms): ReturnType<typeof readDnsAnswer> =>
  lookup && HEXADECIMAL.test(output)
    ? readDnsAnswer(Buffer.from(output.replaceAll(' ', ''), 'hex'), lookup.query, lookup.family)
    : null;
export const isFound = (answer: ReturnType<typeof readDnsAnswer>): boolean =>
  answer?.code === 0 && answer.addresses > 0;
const HEXADECIMAL = /^[0-9a-f]{2}(?: [0-9a-f]{2})*(?: [0-9a-f])?$/v;
