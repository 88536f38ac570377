import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type Endpoint, type Question, questionOf, type Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Probe } from '../scenario/index.ts';
import { type Batch, parseBatch, printable } from './batch.ts';
import { classify, type Reading } from './classify.ts';
import { probeArgv, type Tool } from './script.ts';
import { toolsOf } from './tools.ts';

export interface BatchOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One tool's try at one probe. */
interface Trial {
  readonly probe: Probe;
  readonly tool: Tool;
  readonly question: Question;
}

/** What an exec needs beyond its probes' timeouts: the way there and back, and the processor's time for each. */
const EXEC_SLACK_MS = 5_000;
const SLACK_PER_TRIAL_MS = 40;

/**
 * Tries all probes of one source in one exec, each with its protocol's tools, all at the same time, and returns the
 * readings of each. An exec or a line that fails becomes readings with verdict `error`; only an abort throws.
 */
export const runBatch = async (
  source: Source,
  probes: readonly Probe[],
  endpoints: ReadonlyMap<string, Endpoint>,
  { timeoutMs, signal }: BatchOptions,
): Promise<ReadonlyMap<Probe, readonly Reading[]>> => {
  const nonce = randomBytes(6).toString('hex');
  const trials = probes.flatMap((probe) => trialsOf(probe, endpoints));
  const argv = probeArgv(
    nonce,
    timeoutMs,
    trials.map(({ tool, question: { host, port, path }, probe }) => ({
      tool,
      host,
      port,
      path: tool === 'seen' ? 'clientip' : path,
      // An address says by itself of which family it is.
      family: isName(host) ? probe.family : undefined,
    })),
  );
  const deadlineMs = timeoutMs + EXEC_SLACK_MS + SLACK_PER_TRIAL_MS * trials.length;
  const batch = await readBatch(source, argv, nonce, trials.length, { deadlineMs, signal });

  const readings = new Map<Probe, Reading[]>(probes.map((probe) => [probe, []]));
  for (const [id, { probe, tool, question }] of trials.entries()) {
    const attempt = batch.attempts.get(id);
    readings
      .get(probe)
      ?.push(
        attempt
          ? classify(tool, attempt, { limitMs: timeoutMs, answers: question.answers, echo: nonce })
          : { tool, verdict: 'error', detail: batch.problem ?? 'nothing was reported', elapsedMs: 0 },
      );
  }
  return readings;
};

const trialsOf = (probe: Probe, endpoints: ReadonlyMap<string, Endpoint>): readonly Trial[] => {
  const to = endpoints.get(probe.to);
  if (!to) throw new PodreachError(`there is no endpoint ${probe.to} to probe`);
  const question = questionOf(to, probe);
  if (isIP(question.host) === 0 && !NAME.test(question.host))
    throw new PodreachError(`${probe.to} has no address that could be probed`);
  return toolsOf(probe, to).map((tool) => ({ probe, tool, question }));
};

/** A DNS name with a letter that no address has, as the script tells them apart; what else would be split on its way there. */
const NAME = /^(?=.*[g-z])[a-z0-9][a-z0-9.\-]*$/v;

const isName = (host: string): boolean => isIP(host) === 0;

const readBatch = async (
  source: Source,
  argv: readonly string[],
  nonce: string,
  count: number,
  options: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Batch> => {
  try {
    const { stdout, stderr, exitCode } = await source.exec(argv, options);
    const batch = parseBatch(stdout, nonce, count);
    if (batch.problem === null) return batch;
    const said = printable(stderr.trim().slice(0, 160));
    const problem = `the exec in ${source.endpoint} went wrong: ${batch.problem} (exit code ${exitCode}${said === '' ? '' : `, ${said}`})`;
    return { ...batch, problem };
  } catch (error) {
    if (options.signal?.aborted) throw new PodreachError('probing was interrupted');
    const problem = error instanceof PodreachError ? error.message : `the exec in ${source.endpoint} failed`;
    return { attempts: new Map(), problem };
  }
};
