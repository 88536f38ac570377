import { createIsBackend } from './backends.ts';
import type { ClusterNamespace, ClusterPod, ClusterState } from './cluster-state.ts';
import { createSight, type Sight } from './sight.ts';

/** Pods that no policy tells apart, except by being in the same namespace as the other end. */
export interface PodClass {
  /** Backends of Services first, because the first one gives a stand-in its labels. */
  readonly pods: readonly ClusterPod[];
  /** Equal for classes that connections from other namespaces of the kind don't tell apart. */
  readonly outerKey: string;
  readonly isIsolated: boolean;
  /** Whether one of its pods declares a port, or is behind a Service. */
  readonly isServing: boolean;
}

/** Namespaces that no policy tells apart, and whose own policies say the same. */
export interface NamespaceKind {
  readonly sight: Sight;
  /** Those with most classes first. */
  readonly namespaces: readonly ClusterNamespace[];
  readonly classes: readonly PodClass[];
}

/** The classes of a cluster's pods; namespaces without a pod have none. */
export const kindsOf = (state: ClusterState): readonly NamespaceKind[] => {
  const { namespaces, policies } = state;
  const isBackend = createIsBackend(state);
  const [backends, others] = [state.pods.filter(isBackend), state.pods.filter((pod) => !isBackend(pod))];
  const pods = [...backends, ...others];
  const serving = new Set([...backends, ...others.filter(({ ports }) => ports.length > 0)]);
  const sightOf = createSight(policies.map(({ spec }) => spec));
  const podsIn = Map.groupBy(pods, ({ namespace }) => namespace);
  const inhabited = namespaces.filter(({ name }) => podsIn.has(name));
  return [...Map.groupBy(inhabited, sightOf)].map(([sight, own]) => {
    const all = own.flatMap(({ name }) => podsIn.get(name) ?? []);
    const classes = [...Map.groupBy(all, sight.classOf).values()].map((members): PodClass => {
      const [sample] = members as [ClusterPod, ...ClusterPod[]];
      return {
        pods: members,
        outerKey: sight.outerClassOf(sample),
        isIsolated: sight.isIsolated(sample),
        isServing: members.some((pod) => serving.has(pod)),
      };
    });
    const classCount = ({ name }: ClusterNamespace): number =>
      classes.filter((one) => one.pods.some(({ namespace }) => namespace === name)).length;
    const counts = new Map(own.map((namespace) => [namespace, classCount(namespace)]));
    const richest = own.toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
    return { sight, namespaces: richest, classes };
  });
};
