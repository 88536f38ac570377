import { randomBytes } from 'node:crypto';
import { type Attachment, attach, readLivePolicies } from '../attach/index.ts';
import type { Client } from '../kube/index.ts';
import type { RunResult } from '../matrix/index.ts';
import { type Cell, type CellStatus, judge, type Status } from '../matrix/index.ts';
import type { Observation } from '../probe/index.ts';
import type { Progress } from '../progress.ts';
import { durationText, elapsed, timed } from '../stopwatch.ts';
import { plural } from '../text.ts';
import { judgeExisting } from './probe-judgement.ts';
import { headOfProbe, type ProbePlan } from './probe-plan.ts';
import { lifetimeSeconds, probeForeign } from './probe-rounds.ts';
import { takeRepeatedly } from './repeats.ts';
import type { World } from './world.ts';

/** A name for the ephemeral containers of one run. */
export const containerName = (): string => `podreach-${randomBytes(5).toString('hex')}`;

export interface ProbeOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Gets the pods after their matrix, before they are given up. */
  readonly linger?: (world: World) => Promise<void>;
}

/**
 * Builds the live matrix of existing pods, and judges it if something is expected of them. Whatever happens, everything
 * started in them is told to end. Throws a PodreachError on an interruption, or if the cluster no longer reports its
 * pods.
 */
export const runProbe = async (
  client: Client,
  plan: ProbePlan,
  { progress, signal, linger }: ProbeOptions,
): Promise<RunResult> => {
  const startMs = performance.now();
  const { pods, ways, probes, timeoutMs, retries, repeatEach, container: name, image } = plan;
  const container = { name, image, lifetimeSeconds: lifetimeSeconds(probes, plan) };
  const attached = await progress.during(`attaching to ${plural(pods.length, 'pod')}`, () =>
    timed(() => attach(client, pods, ways, container, { signal })),
  );
  const attachment = attached.value;
  try {
    tellWays(attachment, progress);
    const before = await policiesOf(client, plan, signal);
    const probed = await progress.during(`probing ${probes.length} cells`, () =>
      timed(() =>
        takeRepeatedly(repeatEach, async () => ({
          observations: await probeForeign(attachment, probes, { timeoutMs, retries, signal }),
        })),
      ),
    );
    const after = await policiesOf(client, plan, signal);
    await linger?.(worldOf(attachment, plan, signal));
    const changed = before !== null && after !== null && before.version !== after.version;
    if (changed) progress.note('the policies changed while probing, so no cell is explained', 'important');
    const live = changed || after === null ? null : before;
    const judged = judgedBy(plan, probed.value.observations, { attachment, live });
    const timings = { attachMs: attached.ms, probeMs: probed.ms };
    const repeats = repeatEach > 1 && { repeats: repeatEach };
    const step = { name: 'as it is', timings, ...repeats, ...judged };
    const scenario = { ...headOfProbe(plan), status: judged.status, timings: {}, steps: [step] };
    return { scenarios: [scenario], timings: { totalMs: elapsed(startMs) } };
  } finally {
    const left = await progress.during('detaching', attachment.detach);
    const limit = durationText(container.lifetimeSeconds * 1000);
    for (const [endpoint, state] of left)
      progress.note(
        `${endpoint}: its ephemeral container ${name} ${state}; it ends by itself ${limit} after its start`,
        'important',
      );
  }
};

/** A recorder is no tool of the pods' own, and a proxy would answer it. */
const worldOf = (attachment: Attachment, { probes, timeoutMs, retries }: ProbePlan, signal: AbortSignal): World => {
  const { endpoints, ownTools, mute } = attachment;
  return {
    endpoints,
    probes,
    source: attachment.source,
    isRecordable: ({ from }) => !ownTools.has(from) && !mute.has(from) && endpoints.get(from)?.proxy === null,
    take: (asked) => probeForeign(attachment, asked, { timeoutMs, retries, signal }),
  };
};

/** They explain what differs from an expectation, so without one nobody asks for them. */
const policiesOf = (client: Client, { expectation, namespaces }: ProbePlan, signal: AbortSignal) =>
  expectation ? readLivePolicies(client, namespaces, signal) : null;

const judgedBy = (
  plan: ProbePlan,
  observations: readonly Observation[],
  known: Parameters<typeof judgeExisting>[3],
): ReturnType<typeof judgeExisting> => {
  const { expected } = plan.expectation ?? { expected: null };
  if (expected) return judgeExisting(plan, expected, observations, known);
  const cells = judge(null, observations);
  return { cells, status: statusOf(cells, plan) };
};

/** What turned out only after looking into the pods. */
const tellWays = ({ ownTools, mute }: Attachment, progress: Progress): void => {
  for (const [endpoint, { container, connector, instead }] of ownTools)
    progress.note(
      `${endpoint}: ${instead ? `${instead}; ` : ''}exec in its container ${container}, using its ${connector}`,
    );
  for (const [endpoint, why] of mute) progress.note(`${endpoint}: no probe can start from it: ${why}`, 'important');
};

/** A cell that was seen, and of which nothing was expected. */
const SEEN: ReadonlySet<CellStatus> = new Set(['unjudged', 'self', 'unsupported']);

/**
 * Nothing is expected, so nothing can be wrong; but a cell that could not be seen is an error, and so is seeing none. A
 * flaky cell is one too, unless it is to fail.
 */
const statusOf = (cells: readonly Cell[], { failOnFlaky }: Pick<ProbePlan, 'failOnFlaky'>): Status => {
  const isSeen = ({ status }: Cell): boolean => SEEN.has(status) || (failOnFlaky && status === 'flaky');
  if (!cells.every(isSeen)) return 'error';
  if (cells.some(({ status }) => status === 'flaky')) return 'fail';
  return cells.some(({ status }) => status === 'unjudged') ? 'unjudged' : 'error';
};
