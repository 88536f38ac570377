import { type Choice, type ExistingPod, wayOf } from '../../attach/index.ts';
import { type ImageFlags, probeImageOf } from '../../cluster/index.ts';
import { type Facts, serversOf } from '../../diagnose/index.ts';
import { kubeconfigFiles } from '../../kube/index.ts';
import { containerName, type ProbePlan } from '../../run/index.ts';
import type { Allowed } from './rights.ts';

export interface PlanFlags extends Pick<ImageFlags, 'mirror' | 'probeImage'> {
  readonly timeout: number;
}

/** What is done in which pods. */
export interface DiagnosePlan extends ProbePlan {
  /** The servers that can't be asked whether they listen, with the reason. */
  readonly unasked: ReadonlyMap<string, string>;
}

/** How often the probes may be made: enforcing a policy takes a moment, and an allow-all is waited for. */
const ROUNDS = 4;

export const planOf = (
  facts: Facts,
  { mayAdd, noExec }: Allowed,
  choice: Choice,
  flags: PlanFlags,
  cluster: { readonly kubeconfig: string; readonly context: string },
): DiagnosePlan => {
  const { source, asked, family } = facts;
  const servers = serversOf(facts);
  const pods = new Map<string, ExistingPod>(
    [source, ...servers.map(({ pod }) => pod)].map((pod) => [pod.endpoint, pod]),
  );
  const unasked = new Map(
    [...pods.values()].flatMap((pod) => {
      const why = noExec.get(pod.namespace);
      return why === undefined || pod === source ? [] : [[pod.endpoint, why] as const];
    }),
  );
  const used = [...pods.values()].filter(({ endpoint }) => !unasked.has(endpoint));
  const own = servers.filter(({ pod }) => !unasked.has(pod.endpoint));
  const { kubeconfig, context } = cluster;
  return {
    context,
    namespaces: [...new Set(used.map(({ namespace }) => namespace))],
    pods: used,
    ways: new Map(used.map((pod) => [pod.endpoint, wayOf(pod, choice, mayAdd.has(pod.namespace))])),
    probes: [
      { ...asked, family },
      ...own.map(({ pod: { endpoint }, port }) => ({ ...asked, from: endpoint, to: endpoint, port, family })),
    ],
    image: probeImageOf(flags),
    container: containerName(),
    ...{ timeoutMs: flags.timeout, retries: 1, repeatEach: ROUNDS, failOnFlaky: false },
    repeat: { kubeconfig: kubeconfigFiles(kubeconfig), context },
    unasked,
  };
};
