import type { Ending } from './batch.ts';
import type { Tool } from './script.ts';
import { answeredBy, answerIn, callerIn, isFound, refusalIn, type Terms } from './tool-output.ts';
import type { Verdict } from './verdict.ts';

/** What it means that a tool ended so. */
export interface Rule {
  readonly tools: readonly Tool[];
  readonly when: (ending: Ending, terms: Terms) => boolean;
  readonly verdict: Verdict;
  readonly says: (ending: Ending, terms: Terms) => string;
  readonly starved?: true;
}

const ALL: readonly Tool[] = ['nc', 'wget', 'seen', 'name', 'udp', 'sctp', 'connect', 'knock'];

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

/** The first matching rule decides. If none matches, the result is an error: nothing unknown may count as a verdict. */
export const RULES: readonly Rule[] = [
  {
    tools: ALL,
    when: ({ exitCode, elapsedMs }, { limitMs }) => TIMED_OUT.has(exitCode) && elapsedMs < limitMs - CLOCK_SLACK_MS,
    verdict: 'error',
    says: () => 'killed',
  },
  {
    tools: ALL,
    when: ({ exitCode, elapsedMs }, { limitMs, headStartMs = 0 }) =>
      TIMED_OUT.has(exitCode) && elapsedMs - headStartMs > Math.ceil(limitMs / 1000) * 1000 + STARVED_MS,
    verdict: 'error',
    says: () => 'too starved to be sure, ended',
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
    says: () => "this kernel can't open SCTP sockets",
  },
  { tools: ['sctp'], when: ({ exitCode }) => exitCode === 0, verdict: 'allowed', says: () => 'connected' },
  {
    tools: ['name'],
    when: (ending, terms) => endedOrWaited(ending.exitCode) && isFound(answerIn(ending, terms)),
    verdict: 'allowed',
    says: () => 'looked up',
  },
  {
    tools: ['name'],
    when: (ending, terms) => ending.exitCode === 0 && answerIn(ending, terms) !== null,
    verdict: 'error',
    says: (ending, terms) => `it knows no such address (RCODE ${answerIn(ending, terms)?.code})`,
  },
  {
    tools: ['seen'],
    when: (ending) => ending.exitCode === 0 && callerIn(ending) !== undefined,
    verdict: 'allowed',
    says: (ending) => `seen as ${callerIn(ending)}`,
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
    says: () => 'a silent UDP server looks like a blocked one',
  },
  { tools: ALL, when: ({ exitCode }) => TIMED_OUT.has(exitCode), verdict: 'dropped', says: () => 'no answer' },
  {
    tools: ALL,
    when: (ending) => refusalIn(ending) !== undefined && ending.exitCode < TIMEOUT_FAILED,
    verdict: 'rejected',
    says: (ending) => refusalIn(ending) as string,
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
