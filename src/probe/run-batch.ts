import { randomBytes, randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { type Endpoint, type Question, questionOf, type Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { type Family, familyOf, type Probe } from '../scenario/index.ts';
import { printable } from '../text.ts';
import { type Batch, followBatch, parseBatch } from './batch.ts';
import { classify, type Reading } from './classify.ts';
import { dnsQuery } from './dns-message.ts';
import { inOctal, probeArgv, sendsDatagram, type Tool } from './script.ts';
import { SET_OUT_MS, type SourcePorts, sourcePorts } from './source-ports.ts';
import { toolsOf } from './tools.ts';
import type { News } from './window.ts';

export interface BatchOptions {
  readonly timeoutMs: number;
  /** The probes of Services that have to reach each backend; default: none. */
  readonly sure?: ReadonlySet<Probe>;
  /** Source ports for datagrams; default: this process's own. */
  readonly ports?: SourcePorts | undefined;
  /** Receives what becomes of the trials as it is known. */
  readonly onNews?: ((news: News) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One attempt at a probe by one tool. */
interface Trial {
  readonly probe: Probe;
  readonly tool: Tool;
  readonly question: Question;
  /** For a name: the query for its addresses. */
  readonly lookup?: { readonly query: Buffer; readonly family: Family };
}

/** Time that an exec needs beyond its probes' timeouts: the round trip, and CPU time for each probe. */
const EXEC_SLACK_MS = 5_000;
const SLACK_PER_TRIAL_MS = 40;

/**
 * Tries all probes of one source in one exec, each with its protocol's tools, all at the same time, and returns the
 * readings of each. An exec or a line that fails becomes readings with verdict `error`. Throws a PodreachError on an
 * abort, on an endpoint without an address, or if no source ports are available.
 */
export const runBatch = async (
  source: Source,
  probes: readonly Probe[],
  endpoints: ReadonlyMap<string, Endpoint>,
  { timeoutMs, sure = NONE, ports = sourcePorts, onNews, signal }: BatchOptions,
): Promise<ReadonlyMap<Probe, readonly Reading[]>> => {
  const nonce = randomBytes(6).toString('hex');
  const trials = probes.flatMap((probe) => trialsOf(probe, endpoints, sure.has(probe)));
  const starts = await startsOf(trials, source.endpoint, endpoints, ports, signal);
  const argv = probeArgv(
    nonce,
    timeoutMs,
    trials.map((trial, id) => {
      const { tool, question, probe } = trial;
      const { host, port } = question;
      // An address implies its family.
      const family = isName(host) ? probe.family : undefined;
      return { tool, host, port, ask: askOf(trial, nonce), family, sourcePort: starts.get(id) };
    }),
  );
  const deadlineMs = timeoutMs + EXEC_SLACK_MS + SLACK_PER_TRIAL_MS * trials.length;
  const tooLate = starts.size === 0 ? undefined : AbortSignal.timeout(Math.max(SET_OUT_MS, deadlineMs));
  const batch = await readBatch(source, argv, nonce, trials.length, { deadlineMs, signal, tooLate, onNews });

  const lastStartMs = Math.max(...[...batch.attempts.values()].map(({ startedMs }) => startedMs));
  const readings = new Map<Probe, Reading[]>(probes.map((probe) => [probe, []]));
  for (const [id, { probe, tool, question, lookup }] of trials.entries()) {
    const attempt = batch.attempts.get(id);
    readings.get(probe)?.push(
      attempt
        ? classify(tool, attempt, {
            limitMs: timeoutMs,
            headStartMs: lastStartMs - attempt.startedMs,
            answers: question.answers,
            lookup,
          })
        : // A batch that lacks an attempt has a problem.
          { tool, verdict: 'error', detail: batch.problem as string, elapsedMs: 0 },
    );
  }
  return readings;
};

const NONE: ReadonlySet<Probe> = new Set();

const trialsOf = (probe: Probe, endpoints: ReadonlyMap<string, Endpoint>, surely: boolean): readonly Trial[] => {
  const to = endpoints.get(probe.to);
  if (!to) throw new PodreachError(`there is no endpoint ${probe.to} to probe`);
  const question = questionOf(to, probe);
  if (isIP(question.host) === 0 && !NAME.test(question.host))
    throw new PodreachError(`${probe.to} has no address that could be probed`);
  return toolsOf(probe, to, { surely }).map((tool) => ({
    probe,
    tool,
    question,
    ...(tool === 'name' && { lookup: lookupOf(question.host, probe, endpoints) }),
  }));
};

/** Without a family the cluster has only one: that of the source. */
const lookupOf = (
  name: string,
  { from, family }: Probe,
  endpoints: ReadonlyMap<string, Endpoint>,
): { readonly query: Buffer; readonly family: Family } => {
  const [address = ''] = endpoints.get(from)?.addresses ?? [];
  const asked = family ?? familyOf(address) ?? 'IPv4';
  return { query: dnsQuery(name, asked, randomInt(0x1_00_00)), family: asked };
};

/** The request for the server, in the tool's notation. */
const askOf = ({ tool, question, lookup }: Trial, nonce: string): string => {
  if (lookup) return inOctal(lookup.query);
  if (tool === 'seen') return 'clientip';
  // Most existing servers don't understand it; there is nothing that all of them would understand.
  return tool === 'knock' ? `echo ${nonce}` : question.ask;
};

/** The source port of each trial that sends a datagram, by its id. */
const startsOf = async (
  trials: readonly Trial[],
  from: string,
  endpoints: ReadonlyMap<string, Endpoint>,
  ports: SourcePorts,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, number>> => {
  const ids = trials.flatMap((trial, id) => (sendsDatagram(trial) ? id : []));
  if (ids.length === 0) return new Map();
  const served = new Set([...endpoints.values()].flatMap((one) => one.ports.map(({ number }) => number)));
  const addresses = endpoints.get(from)?.addresses ?? [from];
  const taken = await ports.take(addresses, ids.length, { served, signal });
  return new Map(ids.map((id, index) => [id, taken[index] as number]));
};

/**
 * A DNS name with a letter that no address has, which is how the script tells them apart; anything else would be split
 * on the way.
 */
const NAME = /^(?=.*[g-z])[a-z0-9][a-z0-9.\-]*$/v;

const isName = (host: string): boolean => isIP(host) === 0;

interface ExecLimits {
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** Aborts when it is too late to begin. */
  readonly tooLate: AbortSignal | undefined;
  readonly onNews: BatchOptions['onNews'];
}

const readBatch = async (
  source: Source,
  argv: readonly string[],
  nonce: string,
  count: number,
  { deadlineMs, signal, tooLate, onNews }: ExecLimits,
): Promise<Batch> => {
  const ends = [signal, tooLate].filter((one) => one !== undefined);
  const onStdout = onNews && followBatch(nonce, onNews);
  try {
    const options = { deadlineMs, signal: AbortSignal.any(ends), onStdout };
    const { stdout, stderr, exitCode } = await source.exec(argv, options);
    const batch = parseBatch(stdout, nonce, count);
    if (batch.problem === null) return batch;
    const said = printable(stderr.trim().slice(0, 160));
    const problem = `the exec in ${source.endpoint} went wrong: ${batch.problem} (exit code ${exitCode}${said === '' ? '' : `, ${said}`})`;
    return { ...batch, problem };
  } catch (error) {
    if (signal?.aborted) throw new PodreachError('probing was interrupted');
    if (tooLate?.aborted)
      return { attempts: new Map(), problem: `the exec in ${source.endpoint} did not start in time` };
    const problem = error instanceof PodreachError ? error.message : `the exec in ${source.endpoint} failed`;
    return { attempts: new Map(), problem };
  }
};
