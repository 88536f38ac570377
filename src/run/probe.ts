import { randomBytes } from 'node:crypto';
import { type Attachment, attach, type ExistingPod, type Way } from '../attach/index.ts';
import type { Client } from '../kube/index.ts';
import type { RunResult, ScenarioHead } from '../matrix/index.ts';
import { type Cell, type CellStatus, judge, type Status } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import type { Probe } from '../scenario/index.ts';
import { durationText, elapsed, timed } from '../stopwatch.ts';
import { lifetimeSeconds, probeForeign } from './probe-rounds.ts';

/** What to probe, as the user confirmed it. */
export interface ProbePlan {
  readonly context: string;
  readonly namespaces: readonly string[];
  readonly pods: readonly ExistingPod[];
  /** How each pod is made a source, by endpoint. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly probes: readonly Probe[];
  readonly image: string;
  /** The name of the ephemeral containers, unique to this run. */
  readonly container: string;
  /** How long a probe may wait for an answer. */
  readonly timeoutMs: number;
}

/** Stands for a scenario, because existing pods come from no file. */
export const headOfProbe = ({ namespaces, context }: ProbePlan): ScenarioHead => ({
  name: `${namespaces.join(', ')} in ${context}`,
  file: '',
});

/** A name for the ephemeral containers of one run. */
export const containerName = (): string => `podreach-${randomBytes(5).toString('hex')}`;

/**
 * Builds the live matrix of existing pods. Whatever happens, everything started in them is told to end. Throws a
 * PodreachError on an interruption, or if the cluster no longer reports its pods.
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
 * Nothing is expected, so nothing can be wrong; but a cell that could not be seen is an error, and so is seeing none.
 */
const statusOf = (cells: readonly Cell[]): Status =>
  cells.every(({ status }) => SEEN.has(status)) && cells.some(({ status }) => status === 'unjudged')
    ? 'unjudged'
    : 'error';
