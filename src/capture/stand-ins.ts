import type { NamespaceKind, PodClass } from './classes.ts';
import type { ClusterNamespace, ClusterPod } from './cluster-state.ts';

/**
 * Why a pod is in the scenario: it stands for its class; it is the second of its class, because what pods of a class may
 * do to each other is seen only between two; it stands in another namespace of the kind; or a Service needs it.
 */
export type Role = 'first' | 'second' | 'elsewhere' | 'backend';

/** A pod of the scenario. */
export interface StandIn {
  readonly role: Role;
  /** The namespace that it stands in, which may be another one of the kind than the sample's. */
  readonly namespace: ClusterNamespace;
  readonly kind: NamespaceKind;
  readonly podClass: PodClass;
  /** The pods that it stands for. */
  readonly pods: readonly ClusterPod[];
  /** The one whose labels it has. */
  readonly sample: ClusterPod;
}

/**
 * The pods that together show everything policies do between the pods of the kind, and between these and all others. Those
 * in the second namespace are destinations alone.
 */
export const standInsFor = (kind: NamespaceKind): readonly StandIn[] => {
  const { sight, namespaces, classes } = kind;
  const [here, there] = namespaces as [ClusterNamespace, ClusterNamespace?];
  const firsts = classes.map((podClass): StandIn => {
    const sample = preferred(podClass.pods, here) as ClusterPod;
    return { role: 'first', namespace: here, kind, podClass, pods: podClass.pods, sample };
  });
  const seconds = firsts.flatMap((first): readonly StandIn[] => {
    const { podClass } = first;
    if (!podClass.isServing || !podClass.isIsolated || !meetTheirLike(podClass, sight.tellsOwnApart)) return [];
    const others = podClass.pods.filter((pod) => pod !== first.sample);
    return [{ ...first, role: 'second', sample: preferred(others, here) as ClusterPod }];
  });
  if (!there || !sight.tellsOwnApart) return [...firsts, ...seconds];
  const served = classes.filter(({ isServing }) => isServing);
  const outer = [...Map.groupBy(served, ({ outerKey }) => outerKey).values()];
  const elsewhere = outer.map((alike): StandIn => {
    const [podClass] = alike as [PodClass, ...PodClass[]];
    const pods = alike.flatMap((one) => one.pods);
    const others = pods.filter(({ namespace }) => namespace !== here.name);
    const sample = preferred(others, there) ?? (podClass.pods[0] as ClusterPod);
    return { role: 'elsewhere', namespace: there, kind, podClass, pods, sample };
  });
  return [...firsts, ...seconds, ...elsewhere];
};

/** A pod of that namespace if there is one, else any. */
const preferred = (pods: readonly ClusterPod[], { name }: ClusterNamespace): ClusterPod | undefined =>
  pods.find(({ namespace }) => namespace === name) ?? pods[0];

/** Whether two pods of the class meet as pods of one namespace, or as if they were. */
const meetTheirLike = ({ pods }: PodClass, tellsOwnApart: boolean): boolean =>
  tellsOwnApart ? new Set(pods.map(({ namespace }) => namespace)).size < pods.length : pods.length > 1;
