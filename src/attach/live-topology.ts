import type { Topology } from '../scenario/index.ts';
import type { ExistingPod } from './existing-pod.ts';

/** The labels of namespaces, by name. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Existing pods as a topology, in their order; namespaces whose labels are not known have none. */
export const topologyOf = (pods: readonly ExistingPod[], labelsOf: NamespaceLabels = new Map()): Topology => ({
  namespaces: [...Map.groupBy(pods, ({ namespace }) => namespace)].map(([name, own]) => ({
    name,
    labels: labelsOf.get(name) ?? {},
    pods: own.map(({ endpoint, namespace, pod, labels, ports, hostNetwork }) => ({
      endpoint,
      namespace,
      name: pod,
      labels,
      ports,
      ...(hostNetwork && { hostNetwork }),
    })),
  })),
  hosts: [],
  nodes: [],
  services: [],
});
