import type { Manifest } from '../../src/kube/index.ts';
import type { Topology } from '../../src/scenario/index.ts';

export const SERVER = 'x/server';
/** The first policy opens this port, the next one the port after it. */
export const FIRST_PORT = 10_000;
const CLIENTS = ['client-1', 'client-2', 'client-3'];

/** A server with a port for each of these policies, and three clients in another namespace. */
export const topologyWith = (policies: readonly number[]): Topology => {
  const server = {
    endpoint: SERVER,
    namespace: 'x',
    name: 'server',
    labels: { app: 'server' },
    ports: policies.map((index) => ({ number: FIRST_PORT + index, protocol: 'TCP' as const })),
  };
  const clients = CLIENTS.map((name) => ({ endpoint: `y/${name}`, namespace: 'y', name, labels: {}, ports: [] }));
  return {
    hosts: [],
    nodes: [],
    services: [],
    namespaces: [
      { name: 'x', labels: {}, pods: [server] },
      { name: 'y', labels: {}, pods: clients },
    ],
  };
};

const policy = (name: string, namespace: string, ingress: readonly object[]): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: { matchLabels: { app: 'server' } }, policyTypes: ['Ingress'], ingress },
});

export const closedServer = (namespace: string): Manifest => policy('closed', namespace, []);

/** Opens one port to every address but some that no pod has. */
export const opening = (index: number, namespace: string, excepts: number): Manifest => {
  const except = Array.from({ length: excepts }, (_, at) => `10.${index % 250}.${at}.0/24`);
  return policy(`open-${index}`, namespace, [
    {
      from: [{ ipBlock: { cidr: '0.0.0.0/0', ...(except.length > 0 && { except }) } }],
      ports: [{ protocol: 'TCP', port: FIRST_PORT + index }],
    },
  ]);
};
