import { DEFAULT_DNS, DNS_LABELS, DNS_NAMESPACE, type Family, hasLabels, type WorldDns } from '../model/index.ts';
import type { Pod, Topology } from '../scenario/index.ts';

/** No namespace's name contains dots, so no policy can select this one by its name. */
const OF_THE_CLUSTER = `${DNS_NAMESPACE}.of-the-cluster`;

/**
 * The DNS servers for the model: those of the cluster, otherwise those that the topology has in kube-system, otherwise
 * the default. It gets all their addresses, because a lookup uses the family that the cluster prefers, whatever the
 * probe's.
 *
 * A run renames the topology's kube-system in the cluster, and in the policies too. The servers that answer stay in the
 * cluster's own kube-system, which these policies then don't name.
 */
export const worldDns = (
  { namespaces }: Topology,
  families: readonly Family[],
  ofCluster: WorldDns | undefined,
): WorldDns => {
  const own = namespaces.find(({ name }) => name === DNS_NAMESPACE);
  if (ofCluster) return own ? { ...ofCluster, namespace: { ...ofCluster.namespace, name: OF_THE_CLUSTER } } : ofCluster;
  return own?.pods.some(isServer)
    ? { namespace: own, pods: own.pods.filter(isServer), families }
    : { ...DEFAULT_DNS, families };
};

const isServer = ({ labels }: Pod): boolean => hasLabels(labels, DNS_LABELS);
