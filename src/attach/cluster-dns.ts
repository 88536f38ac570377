import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import { DEFAULT_DNS, DNS_LABELS, DNS_NAMESPACE, type Family, type WorldDns } from '../model/index.ts';
import { familyOf } from '../scenario/index.ts';
import { type ExistingObject, existingPod, isRunning } from './existing-pod.ts';

/** The name that kubeadm and kind give to the Service of CoreDNS. */
const SERVICE = 'kube-dns';

/**
 * The cluster's DNS servers with their current labels, ports and addresses; no pods if none has the label
 * `k8s-app=kube-dns`. Addresses are of the family in which the Service is queried, if that is known. If the API server
 * does not allow reading them, they are assumed to be as kubeadm installs them.
 */
export const readClusterDns = (client: Client, signal?: AbortSignal): Promise<WorldDns> =>
  read(client, signal).catch((error: unknown) => {
    if (error instanceof PodreachError) return DEFAULT_DNS;
    throw error;
  });

const read = async (client: Client, signal: AbortSignal | undefined): Promise<WorldDns> => {
  const at = { namespace: DNS_NAMESPACE };
  const labelSelector = `k8s-app=${DNS_LABELS['k8s-app']}`;
  const [namespace, pods, service] = await Promise.all([
    client.get(pathOf('Namespace', { name: DNS_NAMESPACE }), { signal }),
    client.list(pathOf('Pod', at), { labelSelector, signal }),
    client.get(pathOf('Service', { ...at, name: SERVICE }), { signal }).catch(() => null),
  ]);
  const family = service && familyOfService(service);
  return {
    namespace: { name: DNS_NAMESPACE, labels: namespace.metadata.labels ?? {} },
    pods: (pods as readonly ExistingObject[]).filter(isRunning).map((object) => {
      const { pod, ports, addresses, hostNetwork } = existingPod(object, null);
      const asked = family ? addresses.filter((address) => familyOf(address) === family) : addresses;
      return { name: pod, labels: object.metadata.labels ?? {}, ports, addresses: asked, hostNetwork };
    }),
  };
};

/** Resolvers use the Service's first address. */
const familyOfService = ({ spec }: KubeObject): Family | undefined => {
  const { clusterIP } = (spec ?? {}) as { readonly clusterIP?: string };
  return clusterIP === undefined ? undefined : familyOf(clusterIP);
};
