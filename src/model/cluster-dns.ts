import type { Endpoint, EndpointNamespace } from './endpoint.ts';
import { NAME_LABEL } from './world.ts';

export type PodEndpoint = Endpoint & { readonly namespace: EndpointNamespace };

const NAMESPACE = 'kube-system';

/**
 * The cluster's DNS server as kubeadm and kind install it, which policies name though topologies leave it out
 * (https://kubernetes.io/docs/tasks/administer-cluster/coredns/). Many clusters label the namespace with `name` too.
 */
export const CLUSTER_DNS: PodEndpoint = {
  name: `${NAMESPACE}/coredns`,
  namespace: { name: NAMESPACE, labels: { [NAME_LABEL]: NAMESPACE, name: NAMESPACE } },
  labels: { 'k8s-app': 'kube-dns' },
  ports: [
    { name: 'dns', number: 53, protocol: 'UDP' },
    { name: 'dns-tcp', number: 53, protocol: 'TCP' },
  ],
  addresses: null,
  families: ['IPv4', 'IPv6'],
  hostNetwork: false,
};

export const DNS_PORT = 53;
