import type { ReadPolicy } from '../scenario/index.ts';
import type { ClusterNamespace, ClusterPod, ClusterState } from './cluster-state.ts';
import { createSight, type Sight } from './sight.ts';

/** Pods that no policy tells apart, except by being in the same namespace as the other end. */
export interface PodClass {
  readonly pods: readonly ClusterPod[];
  /** Equal for classes that look the same from other namespaces. */
  readonly outerKey: string;
  readonly isIsolated: boolean;
}

/** Namespaces that no policy tells apart, and whose own policies say the same. */
export interface NamespaceKind {
  readonly sight: Sight;
  /** Those with most classes first. */
  readonly namespaces: readonly ClusterNamespace[];
  readonly classes: readonly PodClass[];
}

/** The classes of a cluster's pods; namespaces without a pod have none. */
export const kindsOf = ({ namespaces, pods, policies }: ClusterState): readonly NamespaceKind[] => {
  const sightOf = createSight(policies.map(({ spec }) => spec));
  const podsIn = Map.groupBy(pods, ({ namespace }) => namespace);
  const inhabited = namespaces.filter(({ name }) => podsIn.has(name));
  return [...Map.groupBy(inhabited, sightOf)].map(([sight, own]) => {
    const all = own.flatMap(({ name }) => podsIn.get(name) ?? []);
    const classes = [...Map.groupBy(all, sight.classOf).values()].map((members): PodClass => {
      const [sample] = members as [ClusterPod, ...ClusterPod[]];
      return { pods: members, outerKey: sight.outerClassOf(sample), isIsolated: sight.isIsolated(sample) };
    });
    const classCount = ({ name }: ClusterNamespace): number =>
      classes.filter((one) => one.pods.some(({ namespace }) => namespace === name)).length;
    const counts = new Map(own.map((namespace) => [namespace, classCount(namespace)]));
    const richest = own.toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
    return { sight, namespaces: richest, classes };
  });
};

export const policiesIn = (policies: readonly ReadPolicy[], namespace: string): readonly ReadPolicy[] =>
  policies.filter((policy) => policy.namespace === namespace);
