import type { Deployment } from '../deploy/index.ts';
import type { Timings } from '../matrix/index.ts';
import { readPolicies } from '../model/index.ts';
import { baseline, isKubelets } from '../probe/index.ts';
import { probesIn, type ReadPolicy, type Topology, topologyKey } from '../scenario/index.ts';
import { timed } from '../stopwatch.ts';
import { requirePinned } from './addresses.ts';
import type { Stage } from './stage.ts';

export interface PodChange {
  /** Of the step; empty if the pods are those of the topology already. */
  readonly timings: Timings;
  readonly baselineMs: number;
}

/**
 * Gives a deployment the pods and labels of a topology, while the policies in force stay, and proves that the new pods are
 * reached without policies. If there are policies, each namespace has one more meanwhile, which allows everything:
 * policies add up.
 */
export const changePods = async (
  deployment: Deployment,
  topology: Topology,
  inForce: readonly ReadPolicy[],
  stage: Pick<Stage, 'window' | 'timeoutMs' | 'signal' | 'count'>,
): Promise<PodChange> => {
  const isSame = topologyKey(topology) === topologyKey(deployment.topology);
  const timings = isSame ? {} : { changeMs: (await timed(() => deployment.change(topology))).ms };
  requirePinned(deployment);
  const { timeoutMs, window, signal, count } = stage;
  count?.phase('proving the pods of');
  const baselineMs = await deployment.proveOpen(async (unproven) => {
    if (inForce.length > 0) await deployment.applyPolicies([...inForce.filter(isIn(topology)), ...opening(topology)]);
    const probes = probesIn(topology, deployment.families).filter(
      (probe) => !isKubelets(probe) && (unproven.has(probe.from) || unproven.has(probe.to)),
    );
    await baseline(deployment, probes, { timeoutMs, window, signal });
  });
  return { timings, baselineMs };
};

const isIn =
  ({ namespaces }: Topology) =>
  ({ namespace }: ReadPolicy): boolean =>
    namespaces.some(({ name }) => name === namespace);

const OPENING = 'podreach-opens-all-for-a-moment';

/** A policy for each namespace that allows everything to and from its pods. */
const opening = ({ namespaces }: Topology): readonly ReadPolicy[] => {
  const manifests = namespaces.map(({ name: namespace }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: OPENING, namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
  }));
  return readPolicies(manifests).map((spec, at) => ({
    name: spec.name,
    namespace: spec.namespace,
    manifest: manifests[at] ?? {},
    file: OPENING,
    line: 1,
    spec,
  }));
};
