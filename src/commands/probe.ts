import { type Choice, findPods, probesBetween, wayOf } from '../attach/index.ts';
import { probeImageOf } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { type Client, connect, kubeconfigFiles } from '../kube/index.ts';
import { tellScenario } from '../matrix/index.ts';
import { exitCodeOf } from '../report/index.ts';
import { containerName, headOfProbe, type ProbePlan, runProbe } from '../run/index.ts';
import type { Port } from '../scenario/index.ts';
import { defaultKubeconfig } from './live-cluster.ts';
import { openHistory } from './history-files.ts';
import { chooseReports, type OutputFlags } from './output.ts';
import { expecting, readExpectationOf } from './probe-expectation.ts';
import { planLines } from './probe-plan.ts';
import { requireRights } from './probe-rights.ts';
import { reporting } from './reporting.ts';
import type { Terminal } from './terminal.ts';
import { updatingGrids } from './update-grids.ts';

/** The flags of `podreach probe`; see its --help. */
export interface ProbeFlags extends OutputFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly port?: readonly Port[];
  readonly timeout: number;
  readonly retries: number;
  readonly repeatEach: number;
  readonly failOnFlaky?: boolean;
  readonly expect?: string;
  readonly history?: string;
  readonly updateSnapshots?: boolean;
  readonly mirror?: string;
  readonly probeImage?: string;
  readonly ephemeral?: boolean;
  readonly exec?: boolean;
  readonly yes?: boolean;
}

/**
 * `podreach probe`: the live matrix of existing pods; returns the exit code. Nothing is done in a pod before
 * the plan is printed and confirmed. Throws a PodreachError if it is not, or if the user lacks a permission.
 */
export const probe = async (flags: ProbeFlags, terminal: Terminal): Promise<number> => {
  const reports = await chooseReports(flags);
  const { kubeconfig = defaultKubeconfig() } = flags;
  const context = requireContext(flags.context, kubeconfig);
  const namespaces = requireNamespaces(flags.namespace);
  const expectation = await readExpectationOf(flags);
  const keepHistory = flags.history === undefined ? null : await openHistory(flags.history, terminal.unfinished);
  const client = connect(kubeconfig, context);
  try {
    const given = { ...flags, kubeconfig, context, namespaces };
    const { plan: bare, notRunning } = await makePlan(client, given, terminal.signal);
    const { plan, scenario } = expectation ? expecting(bare, expectation) : { plan: bare, scenario: null };
    for (const line of planLines(plan, notRunning)) terminal.progress.note(line, 'important');
    await requireConsent(flags.yes ?? false, terminal);
    const start = { scenarios: [headOfProbe(plan)] };
    const result = await reporting(reports, start, terminal, async (events) => {
      const probed = await runProbe(client, plan, terminal);
      const updating = flags.updateSnapshots && scenario ? updatingGrids([scenario], events, terminal.progress) : null;
      for (const one of probed.scenarios) tellScenario(one, updating?.events ?? events);
      return updating?.applied(probed) ?? probed;
    });
    await keepHistory?.(result.scenarios);
    return exitCodeOf(result);
  } finally {
    client.close();
  }
};

/** The user's own pods are at stake, so the current context, whichever it happens to be, is not good enough. */
const requireContext = (context: string | undefined, kubeconfig: string): string => {
  if (context !== undefined && context !== '') return context;
  try {
    // No context has an empty name: the error lists the existing ones, and nothing else of the file.
    connect(kubeconfig, '').close();
  } catch (error) {
    if (!(error instanceof PodreachError) || !error.hint) throw error;
    throw new PodreachError('--context is missing: podreach probe does not guess the cluster', { hint: error.hint });
  }
  throw new PodreachError('--context is missing');
};

const requireNamespaces = (namespaces: readonly string[] = []): readonly string[] => {
  if (namespaces.length > 0) return [...new Set(namespaces)];
  throw new PodreachError('--namespace is missing', { hint: 'name each namespace of the pods with -n' });
};

type PlanFlags = ProbeFlags & Record<'kubeconfig' | 'context', string> & { readonly namespaces: readonly string[] };

const makePlan = async (
  client: Client,
  flags: PlanFlags,
  signal: AbortSignal,
): Promise<{ readonly plan: ProbePlan; readonly notRunning: number }> => {
  const { kubeconfig, context, namespaces, selector, port, timeout, retries, repeatEach, failOnFlaky = false } = flags;
  const choice: Choice = flags.exec ? 'exec' : flags.ephemeral ? 'ephemeral' : 'auto';
  const mayAdd = await requireRights(client, namespaces, choice, signal);
  const { pods, notRunning } = await findPods(client, { namespaces, selector, ports: port ?? null }, signal);
  const probes = probesBetween(pods);
  if (!probes.some(({ from, to }) => from !== to)) {
    throw new PodreachError(`there is nothing to probe between ${pods.map(({ endpoint }) => endpoint).join(', ')}`, {
      hint: pods.length === 1 ? 'add another namespace with -n' : 'none of them declares a port: name some with --port',
    });
  }
  const ways = new Map(pods.map((pod) => [pod.endpoint, wayOf(pod, choice, mayAdd.has(pod.namespace))]));
  const plan = {
    context,
    namespaces,
    pods,
    ways,
    probes,
    image: probeImageOf(flags),
    container: containerName(),
    timeoutMs: timeout,
    retries,
    repeatEach,
    failOnFlaky,
    repeat: { kubeconfig: kubeconfigFiles(kubeconfig), context },
  };
  return { plan, notRunning };
};

const requireConsent = async (yes: boolean, { confirm }: Terminal): Promise<void> => {
  if (yes) return;
  if (!confirm) {
    throw new PodreachError('nothing was done, because there is no terminal to confirm on', {
      hint: 'read the plan above, then add --yes',
    });
  }
  if (!(await confirm('continue?'))) throw new PodreachError('nothing was done, because you did not confirm');
};
