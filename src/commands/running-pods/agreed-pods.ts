/** Running pods that a user has agreed on. */
import { type Choice, findPods, probesBetween, wayOf } from '../../attach/index.ts';
import { probeImageOf } from '../../cluster/index.ts';
import { PodreachError } from '../../errors.ts';
import { type Client, connect, defaultKubeconfig, kubeconfigFiles } from '../../kube/index.ts';
import { containerName, type ProbePlan } from '../../run/index.ts';
import type { Port } from '../../scenario/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { planLines } from './plan-lines.ts';
import { requireRights } from './rights.ts';

/** Which pods, and how connections start from them. */
export interface PodFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly port?: readonly Port[];
  readonly timeout: number;
  readonly retries: number;
  readonly repeatEach: number;
  readonly failOnFlaky?: boolean;
  readonly watchMs?: number;
  readonly mirror?: string | undefined;
  readonly probeImage?: string | undefined;
  readonly ephemeral?: boolean;
  readonly exec?: boolean;
  readonly yes?: boolean;
}

/** The same, perhaps narrowed down to some of the pods by their endpoints. */
export interface PodChoice extends PodFlags {
  readonly only?: ReadonlySet<string>;
}

/**
 * Finds the pods, prints the plan, and does the work if the user agrees. Throws a PodreachError if the user does not, or
 * lacks a permission.
 * @param refine Adds what is expected to the plan.
 */
export const withAgreedPods = async <Result>(
  flags: PodChoice,
  terminal: Terminal,
  refine: (plan: ProbePlan) => ProbePlan,
  work: (client: Client, plan: ProbePlan) => Promise<Result>,
): Promise<Result> => {
  const { kubeconfig = defaultKubeconfig() } = flags;
  const context = requireContext(flags.context, kubeconfig);
  const namespaces = requireNamespaces(flags.namespace);
  const client = connect(kubeconfig, context);
  try {
    const { plan: bare, notRunning } = await makePlan(
      client,
      { ...flags, kubeconfig, context, namespaces },
      terminal.signal,
    );
    const plan = refine(bare);
    for (const line of planLines(plan, notRunning)) terminal.progress.note(line, 'important');
    await requireConsent(flags.yes ?? false, terminal);
    return await work(client, plan);
  } finally {
    client.close();
  }
};

/** The user's own pods are at stake, so the current context, whichever it happens to be, is not good enough. */
export const requireContext = (context: string | undefined, kubeconfig: string): string => {
  if (context !== undefined && context !== '') return context;
  try {
    // No context has an empty name: the error lists the existing ones, and nothing else of the file.
    connect(kubeconfig, '').close();
  } catch (error) {
    if (!(error instanceof PodreachError) || !error.hint) throw error;
    throw new PodreachError('--context is missing: podreach does not guess the cluster', { hint: error.hint });
  }
  throw new PodreachError('--context is missing');
};

const requireNamespaces = (namespaces: readonly string[] = []): readonly string[] => {
  if (namespaces.length > 0) return [...new Set(namespaces)];
  throw new PodreachError('--namespace is missing', { hint: 'name each namespace of the pods with -n' });
};

type PlanFlags = PodChoice & Record<'kubeconfig' | 'context', string> & { readonly namespaces: readonly string[] };

const makePlan = async (
  client: Client,
  flags: PlanFlags,
  signal: AbortSignal,
): Promise<{ readonly plan: ProbePlan; readonly notRunning: number }> => {
  const {
    kubeconfig,
    context,
    namespaces,
    selector,
    port,
    timeout,
    retries,
    repeatEach,
    failOnFlaky = false,
    watchMs,
    only,
  } = flags;
  const choice: Choice = flags.exec ? 'exec' : flags.ephemeral ? 'ephemeral' : 'auto';
  const mayAdd = await requireRights(client, namespaces, choice, signal);
  const found = await findPods(client, { namespaces, selector, ports: port ?? null }, signal);
  const pods = found.pods.filter(({ endpoint }) => only?.has(endpoint) ?? true);
  const notRunning = only ? 0 : found.notRunning;
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
    ...(watchMs !== undefined && { watchMs }),
    repeat: { kubeconfig: kubeconfigFiles(kubeconfig), context },
  };
  return { plan, notRunning };
};

/** Throws a PodreachError if the user does not agree, or can't. */
export const requireConsent = async (yes: boolean, { confirm }: Terminal): Promise<void> => {
  if (yes) return;
  if (!confirm) {
    throw new PodreachError('nothing was done, because there is no terminal to confirm on', {
      hint: 'read the plan above, then add --yes',
    });
  }
  if (!(await confirm('continue?'))) throw new PodreachError('nothing was done, because you did not confirm');
};
