import type { Manifest } from '../../kube/index.ts';
import type { Service } from '../../scenario/index.ts';

/**
 * No controller answers to this class, so nobody's cloud makes a load balancer for the Service: "any default load balancer
 * implementation … will ignore Services that set this field"
 * (https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class).
 */
const LOAD_BALANCER_CLASS = 'podreach/none';

/** kubeadm's domain, and so kind's. */
export const CLUSTER_DOMAIN = 'cluster.local';

/** Where a Service is in the cluster. */
export interface ServicePlace {
  /** The cluster's name for its namespace. */
  readonly namespace: string;
  /** The cluster's name for the namespace of its backends, if it is another one. */
  readonly podsIn?: string;
  /** Its externalIPs, or the addresses that its load balancer is to have: at most one per family. */
  readonly outside?: readonly string[];
}

/** A Service as sent, with an address of each family that the cluster has. */
export const serviceManifest = (
  service: Service,
  { namespace, podsIn = namespace, outside = [] }: ServicePlace,
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: service.name, namespace },
  spec: service.aliasOf
    ? { type: 'ExternalName', externalName: `${service.aliasOf.name}.${podsIn}.svc.${CLUSTER_DOMAIN}` }
    : specOf(service, outside),
});

const specOf = (
  { selector, ports, headless, nodePort, stickySeconds, external }: Service,
  outside: readonly string[],
): object => ({
  selector,
  ipFamilyPolicy: 'PreferDualStack',
  ...(headless && { clusterIP: 'None' }),
  ...(nodePort !== null && { type: 'NodePort', externalTrafficPolicy: nodePort }),
  ...(external === 'load-balancer' && {
    type: 'LoadBalancer',
    loadBalancerClass: LOAD_BALANCER_CLASS,
    allocateLoadBalancerNodePorts: nodePort !== null,
  }),
  ...(external === 'external-ip' && { externalIPs: outside }),
  ...(stickySeconds !== undefined && {
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: stickySeconds } },
  }),
  ports: ports.map(({ name: portName, number, protocol, target }) => ({
    ...(portName !== undefined && { name: portName }),
    port: number,
    protocol,
    targetPort: target,
  })),
});
