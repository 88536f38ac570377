import { isIP } from 'node:net';
import { type Endpoint, isHost } from '../deploy/index.ts';
import type { Probe, Protocol } from '../scenario/index.ts';
import type { Attempt } from './batch.ts';
import type { Tool } from './script.ts';
import type { Verdict } from './verdict.ts';

export interface Reading {
  readonly tool: Tool;
  readonly verdict: Verdict;
  /** `nc: Connection refused after 3 ms` */
  readonly detail: string;
  /** From the tool's start to its end, as its pod saw it; 0 where it is not known. */
  readonly elapsedMs: number;
  /** It got so little of the processor that more time may tell what it could not. */
  readonly starved?: true;
}

export interface Terms {
  /** What `timeout` was given, in ms. */
  readonly limitMs: number;
  /** What the right server answers on this tool: wget's body, UDP's echo. */
  readonly answer: string;
}

interface Rule {
  readonly tools: readonly Tool[];
  readonly when: (attempt: Attempt, terms: Terms) => boolean;
  readonly verdict: Verdict;
  readonly says: (attempt: Attempt) => string;
  readonly starved?: true;
}

const ALL: readonly Tool[] = ['nc', 'wget', 'seen', 'udp'];
const TCP: readonly Tool[] = ['nc', 'wget'];
const TCP_OUTSIDE: readonly Tool[] = [...TCP, 'seen'];
/** The address and port of the caller, as agnhost's netexec tells them at /clientip. */
const CALLER = /^(?:\[([0-9a-f.:]+)\]|([0-9.]+)):\d+$/;
const callerIn = ({ output }: Attempt): string | undefined => {
  const [, bracketed, plain] = CALLER.exec(output) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIP(address) === 0 ? undefined : address;
};

/** `timeout` says 124 (coreutils) or dies of its own SIGTERM as 143 (BusyBox). */
const TIMED_OUT = new Set([124, 143]);
/** /proc/uptime is cut to 10 ms twice, and shells read it a little late. */
const CLOCK_SLACK_MS = 100;
/**
 * A probe that took longer than its limit, in the whole seconds that BusyBox's `timeout` makes of it, by this much did not
 * get the processor that it needs to hear an answer.
 */
const STARVED_MS = 500;
/** GNU wget's "network failure", which with -q is all that it says. */
const WGET_NETWORK_FAILURE = 4;

/**
 * The kernel's words for a refusal that came over the network: RST, and what ICMP errors become (icmp_err_convert in
 * Linux net/ipv4/icmp.c; `prohibited` types read "No route to host", musl says "Host is unreachable").
 * "Network is unreachable" is not among them: it is what a source without a route says itself.
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

/** The first rule that fits decides. What none fits is an error: nothing unknown may pass for a verdict. */
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
  { tools: ['nc'], when: ({ exitCode }) => exitCode === 0, verdict: 'allowed', says: () => 'connected' },
  {
    tools: ['wget'],
    when: ({ exitCode, output }, { answer }) => exitCode === 0 && output === answer,
    verdict: 'allowed',
    says: () => 'answered',
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
    when: ({ output }, { answer }) => output.toLowerCase() === answer.toLowerCase(),
    verdict: 'allowed',
    says: () => 'echoed',
  },
  {
    tools: ['udp'],
    when: ({ exitCode, output }) => exitCode === 0 && output !== '',
    verdict: 'error',
    says: ({ output }) => `not the echo but "${output}" came`,
  },
  { tools: ALL, when: ({ exitCode }) => TIMED_OUT.has(exitCode), verdict: 'dropped', says: () => 'no answer' },
  {
    tools: ALL,
    when: (attempt) => refusalIn(attempt) !== undefined && attempt.exitCode < 126,
    verdict: 'rejected',
    says: (attempt) => refusalIn(attempt) ?? '',
  },
  {
    tools: ['wget', 'seen'],
    when: ({ exitCode, output }) => exitCode === WGET_NETWORK_FAILURE && output === '',
    verdict: 'rejected',
    says: () => 'no connection',
  },
  {
    // nc ends early and in silence, with 0, when an ICMP error meets its open socket; a local failure gives 1.
    tools: ['udp'],
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

const NAMES: Readonly<Record<Tool, string>> = { nc: 'nc', wget: 'wget', seen: 'wget', udp: 'nc -u' };

/** What one tool saw. */
export const classify = (tool: Tool, attempt: Attempt, terms: Terms): Reading => {
  const rule = RULES.find(({ tools, when }) => tools.includes(tool) && when(attempt, terms)) as Rule;
  const { elapsedMs } = attempt;
  return {
    tool,
    verdict: rule.verdict,
    detail: `${NAMES[tool]}: ${rule.says(attempt)} after ${elapsedMs} ms`,
    elapsedMs,
    ...(rule.starved && { starved: true }),
  };
};

/** The readings of one attempt that count: one echo proves a UDP path, whatever became of the other datagram. */
export const telling = (readings: readonly Reading[]): readonly Reading[] => {
  const echo = readings.find(({ tool, verdict }) => tool === 'udp' && verdict === 'allowed');
  return echo ? [echo] : readings;
};

/** What a cell's tools saw together: they have to agree. */
export const combine = (readings: readonly Reading[]): { readonly verdict: Verdict; readonly detail: string } => {
  const told = telling(readings);
  const verdicts = new Set(told.map(({ verdict }) => verdict));
  const details = told.map(({ detail }) => detail).join('; ');
  const [only] = verdicts;
  if (only === undefined) return { verdict: 'error', detail: 'nothing was tried' };
  if (verdicts.size === 1) return { verdict: only, detail: details };
  return { verdict: 'error', detail: verdicts.has('error') ? details : `the tools disagree: ${details}` };
};

const TOOLS: Readonly<Record<Protocol, readonly Tool[]>> = { TCP, UDP: ['udp', 'udp'], SCTP: [] };

/**
 * What a protocol is tried with at the same time; nothing for SCTP, which no tool of the image speaks. UDP is tried twice,
 * for nothing sends a lost datagram again. A server outside the cluster is asked as well by which address it sees the pod.
 */
export const toolsOf = ({ protocol }: Pick<Probe, 'protocol'>, to?: Endpoint): readonly Tool[] =>
  protocol === 'TCP' && to && isHost(to) ? TCP_OUTSIDE : TOOLS[protocol];
