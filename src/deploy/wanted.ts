import type { Pod, Topology } from '../scenario/index.ts';
import { podsOf } from '../scenario/index.ts';
import { renamed } from './cluster-name.ts';
import type { ClusterNode } from './nodes.ts';
import { controlPodsOf, NODE_NAMESPACE, nodePodsOf, type Place, placementOf } from './placement.ts';
import type { ReadinessOf } from './pod-manifest.ts';

/** A pod that has to be in the cluster for a topology. */
export interface WantedPod extends Place {
  readonly role: 'pod' | 'node' | 'steady' | 'switched';
  readonly pod: Pick<Pod, 'endpoint' | 'name' | 'labels' | 'ports' | 'addresses' | 'hostNetwork'> &
    Partial<ReadinessOf>;
  /** The cluster's name for it. */
  readonly namespace: string;
}

export interface WantedNamespace {
  /** The scenario's name for it; null for podreach's own, which the scenario does not have. */
  readonly own: string | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What has to be in the cluster for a topology, except for Services. */
export interface Wanted {
  readonly namespaces: readonly WantedNamespace[];
  readonly pods: readonly WantedPod[];
}

export const NOTHING_WANTED: Wanted = { namespaces: [], pods: [] };

export const keyOfPod = ({ namespace, pod }: Pick<WantedPod, 'namespace' | 'pod'>): string =>
  `${namespace}/${pod.name}`;

/**
 * What a topology needs. Pods that are there already stay where they are.
 * @param before What the topology before it needed.
 */
export const wantedFor = (
  topology: Topology,
  nodes: readonly ClusterNode[],
  suffix: string,
  before: Wanted = NOTHING_WANTED,
): Wanted => {
  const there = before.pods.filter(({ role }) => role === 'pod');
  const known = new Map(there.map(({ pod, hostname }) => [pod.endpoint, hostname]));
  const placed = placementOf(topology, nodes, known);
  const own = topology.namespaces.map(({ name, labels }) => ({ own: name, name: renamed(name, suffix), labels }));
  const pods = placed.map((one) => ({ ...one, role: 'pod', namespace: renamed(one.pod.namespace, suffix) }) as const);
  const needsWatchers = topology.nodes.length > 0 || podsOf(topology).some(({ readiness }) => readiness !== undefined);
  if (!needsWatchers) return { namespaces: own, pods };
  const watchers = renamed(NODE_NAMESPACE, suffix);
  return {
    namespaces: [...own, { own: null, name: watchers, labels: {} }],
    pods: [
      ...pods,
      ...nodePodsOf(topology, placed, nodes, watchers).map((one) => ({ ...one, role: 'node' }) as const),
      ...controlPodsOf(topology, nodes, watchers),
    ],
  };
};
