import type { Manifest } from '../../kube/index.ts';
import type { Service } from '../../scenario/index.ts';

/**
 * No controller answers to this class, so nobody's cloud makes a load balancer for the Service: "any default load balancer
 * implementation … will ignore Services that set this field"
 * (https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class).
 */
const LOAD_BALANCER_CLASS = 'podreach/none';

/**
 * A Service as sent, in a namespace by the cluster's name, with an address of each family that the cluster has.
 * `outside` are its externalIPs, or the addresses that its load balancer is to have.
 */
export const serviceManifest = (
  { name, selector, ports, headless, nodePort, stickySeconds, external }: Service,
  namespace: string,
  outside: readonly string[] = [],
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: {
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
  },
});
