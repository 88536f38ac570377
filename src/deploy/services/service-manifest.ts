import type { Manifest } from '../../kube/index.ts';
import type { Service } from '../../scenario/index.ts';

/** A Service as sent, in a namespace by the cluster's name, with an address of each family that the cluster has. */
export const serviceManifest = (
  { name, selector, ports, headless, nodePort, stickySeconds }: Service,
  namespace: string,
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: {
    selector,
    ipFamilyPolicy: 'PreferDualStack',
    ...(headless && { clusterIP: 'None' }),
    ...(nodePort !== null && { type: 'NodePort', externalTrafficPolicy: nodePort }),
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
