import { readyStatus } from './kubelet.ts';
import type { KubeObject } from './objects.ts';
import { NAMESPACES, NODES, PODS } from './paths.ts';
import type { Store } from './store.ts';

const node = (name: string, address: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: { architecture: 'amd64' },
  },
});

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

/** What stands in a cluster of kind with Calico before podreach comes. */
export const seed = (store: Store): void => {
  for (const name of ['default', 'kube-system'])
    store.put(NAMESPACES, {
      ...namespace(name),
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    });
  const nodes = [node('fake-control-plane', '172.18.0.2'), node('fake-worker', '172.18.0.3')];
  for (const [index, one] of nodes.entries()) {
    store.put(NODES, one);
    const address = `172.18.0.${index + 2}`;
    store.put(
      { ...PODS, namespace: 'kube-system' },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `calico-node-${index}`, labels: { 'k8s-app': 'calico-node' } },
        spec: { nodeName: one.metadata.name, hostNetwork: true, containers: [{ name: 'calico-node' }] },
        status: readyStatus(address, address),
      },
    );
  }
  store.put(
    { group: 'apis/apps/v1', plural: 'daemonsets', namespace: 'kube-system' },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'calico-node', labels: { 'k8s-app': 'calico-node' } },
      spec: {
        template: {
          spec: { containers: [{ name: 'calico-node', image: 'quay.io/calico/node:v3.32.1', env: [] }] },
        },
      },
      status: { desiredNumberScheduled: 2, numberReady: 2 },
    },
  );
};
