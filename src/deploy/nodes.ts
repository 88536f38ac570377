import { PodreachError } from '../errors.ts';
import type { Client, KubeObject } from '../kube/index.ts';
import { pathOf } from '../kube/index.ts';

/** A node that takes the run's pods. */
export interface ClusterNode {
  readonly name: string;
  readonly hostname: string;
  /** On the network between the nodes, one per family. */
  readonly addresses: readonly string[];
}

interface NodeObject extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}

const TOLERATED = /^node-role\.kubernetes\.io\/(control-plane|master)$/;

/** The nodes that can take the run's pods, by name: ready Linux nodes, control planes included. */
export const schedulableNodes = async (client: Client, signal?: AbortSignal): Promise<readonly ClusterNode[]> => {
  const nodes = (await client.list(pathOf('Node'), { signal })) as readonly NodeObject[];
  const usable = nodes
    .filter(takesPods)
    .map(({ metadata, status }) => ({
      name: metadata.name,
      hostname: metadata.labels?.['kubernetes.io/hostname'] ?? metadata.name,
      addresses: (status?.addresses ?? []).flatMap(({ type, address }) => (type === 'InternalIP' ? address : [])),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  if (usable.length > 0) return usable;
  throw new PodreachError(`none of the cluster's ${nodes.length} nodes accepts pods`, {
    hint: "see: kubectl get nodes; a node has to be Ready, and free of taints other than the control plane's",
  });
};

const takesPods = ({ metadata, spec, status }: NodeObject): boolean =>
  spec?.unschedulable !== true &&
  (metadata.labels?.['kubernetes.io/os'] ?? 'linux') === 'linux' &&
  (spec?.taints ?? []).every(
    ({ key, effect }) => effect === 'PreferNoSchedule' || (effect === 'NoSchedule' && TOLERATED.test(key)),
  ) &&
  (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');
