import { isIP } from 'node:net';
import type { Family } from '../scenario/index.ts';
import type { Attempt } from './batch.ts';
import { readDnsAnswer } from './dns-message.ts';
import type { Tool } from './script.ts';
import type { Verdict } from './verdict.ts';

export interface Reading {
  readonly tool: Tool;
  readonly verdict: Verdict;
  /** `nc: Connection refused after 3 ms` */
  readonly detail: string;
  /** From the tool's start to its end, as measured in its pod; 0 if not known. */
  readonly elapsedMs: number;
  /** It got so little CPU time that another attempt with more time may see more. */
  readonly starved?: true;
}

export interface Terms {
  /** The limit given to `timeout`, in ms. */
  readonly limitMs: number;
  /** What the right servers answer when asked who they are, each with its endpoint. */
  readonly answers: ReadonlyMap<string, string>;
  /** The query sent to a name server. */
  readonly lookup?: { readonly query: Buffer; readonly family: Family } | undefined;
}

interface Rule {
  readonly tools: readonly Tool[];
  readonly when: (attempt: Attempt, terms: Terms) => boolean;
  readonly verdict: Verdict;
  readonly says: (attempt: Attempt, terms: Terms) => string;
  readonly starved?: true;
}

const ALL: readonly Tool[] = ['nc', 'wget', 'seen', 'name', 'udp', 'sctp', 'connect', 'knock'];
/** The address and port of the caller, as agnhost's netexec reports them at /clientip. */
const CALLER = /^(?:\[([0-9a-f.:]+)\]|([0-9.]+)):\d+$/;
const callerIn = ({ output }: Attempt): string | undefined => {
  const [, bracketed, plain] = CALLER.exec(output) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIP(address) === 0 ? undefined : address;
};

/** `timeout` exits with 124 (coreutils) or dies of its own SIGTERM as 143 (BusyBox). */
const TIMED_OUT = new Set([124, 143]);
const endedOrWaited = (exitCode: number): boolean => exitCode === 0 || TIMED_OUT.has(exitCode);
/** /proc/uptime is cut to 10 ms twice, and shells read it slightly late. */
const CLOCK_SLACK_MS = 100;
/**
 * A probe that exceeded its limit, in the whole seconds of BusyBox's `timeout`, by this much did not get the CPU time
 * it needs to see an answer.
 */
const STARVED_MS = 500;
/** EPROTONOSUPPORT and ESOCKTNOSUPPORT, in Go's wording. */
const NO_SOCKET = /(?:protocol|socket type) not supported/i;
/**
 * Exit codes from here on are `timeout`'s own: 125 means that it failed, 126 and 127 that the tool is missing; signals
 * follow.
 */
const TIMEOUT_FAILED = 125;
/** GNU wget's "network failure", which with -q is all it reports. */
const WGET_NETWORK_FAILURE = 4;

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

const refusalIn = ({ output }: Attempt): string | undefined =>
  REFUSALS.map((refusal) => refusal.exec(output)?.[0]).find((found) => found !== undefined);

/** The server that answered, if several may. */
const answeredBy = ({ output }: Attempt, { answers }: Terms): string =>
  new Set(answers.values()).size > 1 ? `answered by ${answers.get(output)}` : 'answered';

/**
 * What the name server answered, from the hexadecimal bytes that od printed; null if that is no answer to the query.
 */
const answerIn = ({ output }: Attempt, { lookup }: Terms): ReturnType<typeof readDnsAnswer> =>
  lookup && HEXADECIMAL.test(output)
    ? readDnsAnswer(Buffer.from(output.replaceAll(' ', ''), 'hex'), lookup.query, lookup.family)
    : null;
const isFound = (answer: ReturnType<typeof readDnsAnswer>): boolean => answer?.code === 0 && answer.addresses > 0;
const HEXADECIMAL = /^[0-9a-f]{2}(?: [0-9a-f]{2})*(?: [0-9a-f])?$/v;

/** The first matching rule decides. If none matches, the result is an error: nothing unknown may count as a verdict. */
const RULES: readonly Rule[] = [
  {
    tools: ALL,
    when: ({ exitCode, elapsedMs }, { limitMs }) => TIMED_OUT.has(exitCode) && elapsedMs < limitMs - CLOCK_SLACK_MS,
    verdict: 'error',
    says: () => 'killed',
  },
  {
    tools: ALL,
    when: ({ exitCode, elapsedMs }, { limitMs }) =>
      TIMED_OUT.has(exitCode) && elapsedMs > Math.ceil(limitMs / 1000) * 1000 + STARVED_MS,
    verdict: 'error',
    says: () => 'too starved to tell, ended',
    starved: true,
  },
  { tools: ['nc', 'connect'], when: ({ exitCode }) => exitCode === 0, verdict: 'allowed', says: () => 'connected' },
  {
    tools: ['wget'],
    when: ({ exitCode, output }, { answers }) => exitCode === 0 && answers.has(output),
    verdict: 'allowed',
    says: answeredBy,
  },
  {
    // The output is the answer, whether or not nc then ended by itself.
    tools: ['udp'],
    when: ({ exitCode, output }, { answers }) => endedOrWaited(exitCode) && answers.has(output),
    verdict: 'allowed',
    says: answeredBy,
  },
  {
    tools: ['sctp'],
    when: ({ output }) => NO_SOCKET.test(output),
    verdict: 'unsupported',
    says: () => 'this kernel opens no SCTP sockets',
  },
  { tools: ['sctp'], when: ({ exitCode }) => exitCode === 0, verdict: 'allowed', says: () => 'connected' },
  {
    tools: ['name'],
    when: (attempt, terms) => endedOrWaited(attempt.exitCode) && isFound(answerIn(attempt, terms)),
    verdict: 'allowed',
    says: () => 'looked up',
  },
  {
    tools: ['name'],
    when: (attempt, terms) => attempt.exitCode === 0 && answerIn(attempt, terms) !== null,
    verdict: 'error',
    says: (attempt, terms) => `it knows no such address (RCODE ${answerIn(attempt, terms)?.code})`,
  },
  {
    tools: ['seen'],
    when: (attempt) => attempt.exitCode === 0 && callerIn(attempt) !== undefined,
    verdict: 'allowed',
    says: (attempt) => `seen as ${callerIn(attempt)}`,
  },
  {
    tools: ['wget', 'seen'],
    when: ({ exitCode }) => exitCode === 0,
    verdict: 'error',
    says: ({ output }) => `a wrong endpoint answered "${output}"`,
  },
  {
    tools: ['udp'],
    when: ({ exitCode, output }) => exitCode === 0 && output !== '',
    verdict: 'error',
    says: ({ output }) => `a wrong endpoint answered "${output}"`,
  },
  {
    // Something got through, so this is not silence.
    tools: ['wget', 'seen', 'name', 'udp', 'knock'],
    when: ({ exitCode, output }) => TIMED_OUT.has(exitCode) && output !== '',
    verdict: 'error',
    says: ({ output }) => `"${output}" came, and nothing more`,
  },
  {
    // For a server that podreach did not start, no datagram is known that it would answer.
    tools: ['knock'],
    when: ({ exitCode, output }) => exitCode === 0 && output !== '',
    verdict: 'allowed',
    says: () => 'answered',
  },
  {
    tools: ['knock'],
    when: ({ exitCode }) => TIMED_OUT.has(exitCode),
    verdict: 'unsupported',
    says: () => 'a UDP server that keeps silent looks like one that is blocked',
  },
  { tools: ALL, when: ({ exitCode }) => TIMED_OUT.has(exitCode), verdict: 'dropped', says: () => 'no answer' },
  {
    tools: ALL,
    when: (attempt) => refusalIn(attempt) !== undefined && attempt.exitCode < TIMEOUT_FAILED,
    verdict: 'rejected',
    says: (attempt) => refusalIn(attempt) as string,
  },
  {
    tools: ['wget', 'seen'],
    when: ({ exitCode, output }) => exitCode === WGET_NETWORK_FAILURE && output === '',
    verdict: 'rejected',
    says: () => 'no connection',
  },
  {
    // nc ends early, silently and with 0 when an ICMP error reaches its open socket; a local failure gives 1.
    tools: ['udp', 'knock', 'name'],
    when: ({ exitCode, output }) => exitCode === 0 && output === '',
    verdict: 'rejected',
    says: () => 'refused',
  },
  {
    tools: ALL,
    when: () => true,
    verdict: 'error',
    says: ({ exitCode, output }) => `exit code ${exitCode}${output === '' ? '' : `, ${output}`}`,
  },
];

const NAMES: Readonly<Record<Tool, string>> = {
  nc: 'nc',
  wget: 'wget',
  seen: 'wget',
  name: 'name server',
  sctp: 'connect',
  udp: 'nc -u',
  connect: 'connect',
  knock: 'nc -u',
};

/** What one tool saw. */
export const classify = (tool: Tool, attempt: Attempt, terms: Terms): Reading => {
  const rule = RULES.find(({ tools, when }) => tools.includes(tool) && when(attempt, terms)) as Rule;
  const { elapsedMs } = attempt;
  return {
    tool,
    verdict: rule.verdict,
    detail:
      rule.verdict === 'unsupported'
        ? rule.says(attempt, terms)
        : `${NAMES[tool]}: ${rule.says(attempt, terms)} after ${elapsedMs} ms`,
    elapsedMs,
    ...(rule.starved && { starved: true }),
  };
};
