/** The cluster's DNS servers, which pods query before they connect by name. */
import type { AddressRange, Family } from './address.ts';
import { type Endpoint, endpointsOf, isPod, type PodEndpoint } from './endpoint.ts';
import { hasLabels } from './selector.ts';
import type { World, WorldDns } from './world.ts';

export const DNS_NAMESPACE = 'kube-system';

/**
 * The label of the Service kube-dns, "for CoreDNS too" (https://kubernetes.io/docs/tasks/administer-cluster/coredns/).
 */
export const DNS_LABELS = { 'k8s-app': 'kube-dns' } as const;

export const DNS_PORT = 53;

/**
 * As kubeadm and kind install it (kubernetes/cmd/kubeadm/app/phases/addons/dns/manifests.go). Its namespace has only
 * the label that Kubernetes sets.
 */
export const DEFAULT_DNS: WorldDns = {
  namespace: { name: DNS_NAMESPACE },
  pods: [
    {
      name: 'coredns',
      labels: DNS_LABELS,
      ports: [
        { name: 'dns', number: DNS_PORT, protocol: 'UDP' },
        { name: 'dns-tcp', number: DNS_PORT, protocol: 'TCP' },
        { name: 'metrics', number: 9153, protocol: 'TCP' },
      ],
    },
  ],
};

/**
 * A world's servers, and the families that lookups use if the servers' addresses don't say. null: the source's
 * families.
 */
export interface Dns {
  readonly servers: readonly PodEndpoint[];
  readonly families: readonly Family[] | null;
}

/** Throws a RangeError for an invalid World. */
export const dnsOf = (
  { dns, families: inCluster = ['IPv4'] }: Pick<World, 'dns' | 'families'>,
  endpoints: Iterable<Endpoint>,
  never: readonly AddressRange[],
): Dns => {
  const written = dns ? [] : [...endpoints].filter(isDnsServer);
  if (written.length > 0) return { servers: written, families: null };
  const { namespace, pods, families } = dns ?? DEFAULT_DNS;
  const placed = pods.map((pod) => ({ ...pod, namespace: namespace.name }));
  const servers = endpointsOf({ namespaces: [namespace], pods: placed, families: inCluster }, never);
  return { servers: servers.filter(isPod), families: families ?? null };
};

const isDnsServer = (endpoint: Endpoint): endpoint is PodEndpoint =>
  endpoint.namespace?.name === DNS_NAMESPACE && hasLabels(endpoint.labels, DNS_LABELS);
