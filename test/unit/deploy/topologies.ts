import type { Namespace, Pod, Topology } from '../../../src/scenario/index.ts';

type PodLike = Pick<Pod, 'name'> & Partial<Pod>;

export const namespace = (name: string, pods: readonly PodLike[], labels: Namespace['labels'] = {}): Namespace => ({
  name,
  labels,
  pods: pods.map((pod) => ({ endpoint: `${name}/${pod.name}`, namespace: name, labels: {}, ports: [], ...pod })),
});

export const topology = (...namespaces: readonly Namespace[]): Topology => ({
  namespaces,
  hosts: [],
  nodes: [],
  services: [],
});
