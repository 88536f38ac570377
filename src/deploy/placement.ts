import { PodreachError } from '../errors.ts';
import { type Node, type Pod, podsOf, type Topology } from '../scenario/index.ts';
import type { ClusterNode } from './nodes.ts';
import type { ReadinessOf } from './pod-manifest.ts';

/** Where a pod is to run. */
export interface Place {
  /** The node's kubernetes.io/hostname label. */
  readonly hostname: string | undefined;
  /** Whether the pod must run on this node. */
  readonly pinned: boolean;
}

export interface PlacedPod extends Place {
  readonly pod: Pod;
}

/**
 * Spreads the pods of a topology over the nodes. A pod that defines a node of the scenario is pinned to its place.
 * @param known Where pods run already: they stay there.
 */
export const placementOf = (
  topology: Topology,
  nodes: readonly ClusterNode[],
  known: ReadonlyMap<string, string | undefined> = new Map(),
): readonly PlacedPod[] => {
  const told = new Set(topology.nodes.map(({ runs }) => runs.pod));
  let next = known.size;
  const nextHostname = (): string | undefined => {
    next += 1;
    return nodes[(next - 1) % nodes.length]?.hostname;
  };
  return podsOf(topology).map((pod) => ({
    pod,
    hostname: known.get(pod.endpoint) ?? nextHostname(),
    pinned: told.has(pod.endpoint),
  }));
};

/** For what runs on a node outside its pods. The scenario has no policies here. */
export const NODE_NAMESPACE = 'podreach-nodes';

export interface NodePod extends Place {
  readonly pod: Pick<Pod, 'endpoint' | 'name' | 'labels' | 'ports'> & { readonly hostNetwork: true };
  readonly namespace: string;
}

export interface ControlPod extends Place {
  readonly pod: Pick<Pod, 'endpoint' | 'name' | 'labels' | 'ports'> & ReadinessOf;
  readonly namespace: string;
  /** `steady` has to stay ready; `switched` is made unready and ready again, which its kubelet must notice. */
  readonly role: 'steady' | 'switched';
}

const CONTROL_PORT = 8080;

/**
 * Pods with the same readiness probe as the scenario's, two on each node, in a namespace that no policy isolates: if
 * one doesn't stay ready, or the other's change goes unnoticed, the kubelet is late. None if no pod of the scenario has
 * a readiness probe.
 */
export const controlPodsOf = (
  topology: Topology,
  nodes: readonly ClusterNode[],
  namespace: string,
): readonly ControlPod[] => {
  if (podsOf(topology).every(({ readiness }) => readiness === undefined)) return [];
  return nodes.flatMap(({ hostname }, index) =>
    (['steady', 'switched'] as const).map((role): ControlPod => {
      const name = `podreach-${role}-${index}`;
      const ports = [{ number: CONTROL_PORT, protocol: 'TCP' as const }];
      const readiness = { readiness: CONTROL_PORT, hasToAnswer: role === 'switched' };
      const pod = { endpoint: `control:${name}`, name, labels: {}, ports, ...readiness };
      return { pod, namespace, hostname, pinned: true, role };
    }),
  );
};

/**
 * The pods through which nodes are probed: for packets, whatever shares a node's network is the node. Throws a
 * PodreachError if the scenario asks for a second node and the cluster has none.
 */
export const nodePodsOf = (
  topology: Topology,
  placed: readonly PlacedPod[],
  nodes: readonly ClusterNode[],
  namespace: string,
): readonly NodePod[] =>
  topology.nodes.map(({ endpoint, name, runs, ports }: Node): NodePod => {
    const own = placed.find(({ pod }) => pod.endpoint === runs.pod)?.hostname;
    const hostname = runs.there ? own : nodes.find((node) => node.hostname !== own)?.hostname;
    if (hostname === undefined)
      throw new PodreachError(
        `${endpoint} must be another node than that of ${runs.pod}, but the cluster has only one`,
      );
    return { pod: { endpoint, name, labels: {}, ports, hostNetwork: true }, namespace, hostname, pinned: true };
  });
