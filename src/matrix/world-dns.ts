import { DEFAULT_DNS, DNS_LABELS, DNS_NAMESPACE, type Family, hasLabels, type WorldDns } from '../model/index.ts';
import type { Pod, Topology } from '../scenario/index.ts';

/** Dots are for no namespace's name, so no policy means this one by its name. */
const OF_THE_CLUSTER = `${DNS_NAMESPACE}.of-the-cluster`;

/**
 * The DNS servers as the model is told of them: those that the cluster has, else those that the topology has in
 * kube-system, else the default. All their addresses are told, for a lookup uses the family that the cluster prefers,
 * whatever family the probe is of.
 *
 * A run gives the topology's kube-system another name in the cluster, and puts that into the policies too. The servers that
 * are asked stay in the cluster's own kube-system, which these policies then don't name.
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
