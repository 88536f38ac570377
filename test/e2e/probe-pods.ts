/** Two namespaces with pods that podreach did not make, for `podreach probe`. */
import { randomBytes } from 'node:crypto';

export const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
export const suffix = randomBytes(2).toString('hex');
export const shop = `shop-${suffix}`;
export const tools = `tools-${suffix}`;

const restricted = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  runAsUser: 1000,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A pod as its user would write it: it passes the restricted profile, which its namespace asks for. */
const pod = (namespace: string, name: string, command: readonly string[], ports: readonly object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'app', image, command, ports, securityContext: restricted }],
  },
});

const netexec = ['/agnhost', 'netexec', '--http-port', '8080', '--udp-port', '8081'];
const open = { containerPort: 8080 };
export const pods = [
  pod(shop, 'web', netexec, [open, { containerPort: 8081, protocol: 'UDP' }, { containerPort: 9090 }]),
  pod(shop, 'closed', netexec, [open]),
  pod(tools, 'locked', netexec, [open]),
  pod(tools, 'client', ['sh', '-c', 'sleep 86400']),
];

export const policy = (namespace: string, name: string, type: 'Ingress' | 'Egress') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: { matchLabels: { app: name } }, policyTypes: [type] },
});
