import { randomBytes } from 'node:crypto';
import { type Attachment, attach, type ForeignPod, type Way } from '../attach/index.ts';
import type { Client } from '../kube/index.ts';
import type { RunResult, ScenarioHead } from '../matrix/index.ts';
import { type Cell, type CellStatus, judge, type Status } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import type { Probe } from '../scenario/index.ts';
import { durationText, elapsed, timed } from '../stopwatch.ts';
import { lifetimeSeconds, probeForeign } from './probe-rounds.ts';

/** What is to be probed, as the user agreed to it. */
export interface ProbePlan {
  readonly context: string;
  readonly namespaces: readonly string[];
  readonly pods: readonly ForeignPod[];
  /** How each pod is made a source, by endpoint. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly probes: readonly Probe[];
  readonly image: string;
  /** Of the ephemeral containers; of this run alone. */
  readonly container: string;
  /** How long one probe may wait for an answer. */
  readonly timeoutMs: number;
}

/** What stands for a scenario: pods that are not ours come from no file. */
export const headOfProbe = ({ namespaces, context }: ProbePlan): ScenarioHead => ({
  name: `${namespaces.join(', ')} in ${context}`,
  file: '',
});

/** A name for the ephemeral containers of one run. */
export const containerName = (): string => `podreach-${randomBytes(5).toString('hex')}`;

/**
 * Builds the live matrix of pods that are not ours. Whatever happens, what was started in them is told to end. Throws a
 * PodreachError when it is interrupted, or when the cluster no longer tells of its pods.
 */
export const runProbe = async (
  client: Client,
  plan: ProbePlan,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<RunResult> => {
  const startMs = performance.now();
  const { pods, ways, probes, timeoutMs, container: name, image } = plan;
  const container = { name, image, lifetimeSeconds: lifetimeSeconds(probes, timeoutMs) };
  const attached = await progress.during(`attaching to ${pods.length} pods`, () =>
    timed(() => attach(client, pods, ways, container, { signal })),
  );
  const attachment = attached.value;
  try {
    tellWays(attachment, progress);
    const probed = await progress.during(`probing ${probes.length} cells`, () =>
      timed(() => probeForeign(attachment, probes, { timeoutMs, signal })),
    );
    const cells = judge(null, probed.value);
    const status = statusOf(cells);
    const step = { name: 'as it is', status, timings: { attachMs: attached.ms, probeMs: probed.ms }, cells };
    const scenario = { ...headOfProbe(plan), status, timings: {}, steps: [step] };
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

/** What only showed once the pods were looked into. */
const tellWays = ({ ownTools, mute }: Attachment, progress: Progress): void => {
  for (const [endpoint, { container, connector, instead }] of ownTools)
    progress.note(
      `${endpoint}: ${instead ? `${instead}; ` : ''}exec in its container ${container}, by its ${connector}`,
    );
  for (const [endpoint, why] of mute) progress.note(`${endpoint}: no probe can start from it: ${why}`, 'important');
};

/** What is shown of a cell of which nothing was expected, and that was seen. */
const SEEN: ReadonlySet<CellStatus> = new Set(['unjudged', 'self', 'unsupported']);

/**
 * Nothing is expected, so nothing can be wrong; but what could not be seen is an error, and so is to have seen
 * nothing.
 */
const statusOf = (cells: readonly Cell[]): Status =>
  cells.every(({ status }) => SEEN.has(status)) && cells.some(({ status }) => status === 'unjudged')
    ? 'unjudged'
    : 'error';
