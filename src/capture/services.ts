import type { ServicePort } from '../scenario/index.ts';
import { selectsPod } from './backends.ts';
import type { NamespaceKind, PodClass } from './classes.ts';
import type { ClusterPod, ClusterService } from './cluster-state.ts';
import type { StandIn } from './stand-ins.ts';

/** Services that lead to pods of the same classes in the same manner. */
export interface ServiceClass {
  readonly kind: NamespaceKind;
  readonly services: readonly ClusterService[];
  readonly backends: ReadonlySet<PodClass>;
}

/** A Service of the scenario: one of its class, in the first namespace of its kind. */
export interface KeptService {
  readonly serviceClass: ServiceClass;
  readonly service: ClusterService;
  readonly namespace: string;
}

/**
 * @param portKey Equal for ports of pods that no policy tells apart.
 */
export const serviceClassesOf = (
  kinds: readonly NamespaceKind[],
  services: readonly ClusterService[],
  portKey: (port: Pick<ServicePort, 'number' | 'protocol'>, pod: ClusterPod) => string,
): readonly ServiceClass[] => {
  const inNamespace = Map.groupBy(services, ({ namespace }) => namespace);
  return kinds.flatMap((kind) => {
    const number = new Map(kind.classes.map((one, at) => [one, at]));
    const own = kind.namespaces.flatMap(({ name }) => inNamespace.get(name) ?? []);
    const backends = backendsOf(kind, own);
    const keyOf = (service: ClusterService): string => {
      const ends = kind.classes.filter((one) => backends.get(service)?.has(one));
      // A name that rules use has the same number in each pod of a class.
      const samples = ends.flatMap(({ pods }) => pods.slice(0, 1));
      const ports = service.ports.map(({ protocol, target }) =>
        typeof target === 'number'
          ? samples.map((pod) => portKey({ number: target, protocol }, pod)).join()
          : `${protocol} ${target}`,
      );
      return JSON.stringify([ends.map((one) => number.get(one)), ports.sort(), service.manner]);
    };
    return [...Map.groupBy(own, keyOf).values()].map((alike): ServiceClass => {
      const [sample] = alike as [ClusterService, ...ClusterService[]];
      return { kind, services: alike, backends: backends.get(sample) ?? new Set() };
    });
  });
};

const backendsOf = (
  { classes }: NamespaceKind,
  services: readonly ClusterService[],
): ReadonlyMap<ClusterService, ReadonlySet<PodClass>> => {
  const byNamespace = Map.groupBy(services, ({ namespace }) => namespace);
  const found = new Map(services.map((service) => [service, new Set<PodClass>()]));
  for (const one of classes)
    for (const pod of one.pods)
      for (const service of byNamespace.get(pod.namespace) ?? [])
        if (selectsPod(service, pod)) found.get(service)?.add(one);
  return found;
};

/**
 * Of each class a Service that leads to pods of the same classes in the scenario as in the cluster. If the pods there have
 * other labels, pods are added that have the right ones.
 */
export const keepServices = (
  classes: readonly ServiceClass[],
  standIns: readonly StandIn[],
): { readonly kept: readonly KeptService[]; readonly added: readonly StandIn[] } => {
  const added: StandIn[] = [];
  const chosen = classes.flatMap((serviceClass): readonly KeptService[] => {
    const { kind, services, backends } = serviceClass;
    const [namespace] = kind.namespaces;
    if (!namespace || backends.size === 0) return [];
    const there = [...standIns, ...added].filter((one) => one.kind === kind && one.namespace === namespace);
    const own = services.toSorted((one, other) => rank(one, namespace.name) - rank(other, namespace.name));
    const fitting = own.find((service) => isSame(reached(service, there), backends));
    const service = fitting ?? own.find((one) => reached(one, there).isSubsetOf(backends));
    if (!service) return [];
    const missing = [...backends.difference(reached(service, there))];
    for (const podClass of missing) {
      const sample = podClass.pods.find((pod) => pod.namespace === service.namespace && selectsPod(service, pod));
      if (sample) added.push({ role: 'backend', namespace, kind, podClass, pods: podClass.pods, sample });
    }
    return [{ serviceClass, service, namespace: namespace.name }];
  });
  return { kept: chosen, added };
};

/** The ones that still lead where they should among these pods; each name once. */
export const stillRight = (kept: readonly KeptService[], standIns: readonly StandIn[]): readonly KeptService[] => {
  const names = new Set<string>();
  return kept.filter(({ service, serviceClass, namespace }) => {
    const there = standIns.filter((one) => one.namespace.name === namespace);
    const name = `${namespace}/${service.name}`;
    if (names.has(name) || !isSame(reached(service, there), serviceClass.backends)) return false;
    names.add(name);
    return true;
  });
};

const rank = ({ namespace }: ClusterService, preferred: string): number => (namespace === preferred ? 0 : 1);

const reached = (service: ClusterService, standIns: readonly StandIn[]): Set<PodClass> =>
  new Set(standIns.filter(({ sample }) => selectsPod(service, sample)).map(({ podClass }) => podClass));

const isSame = (one: ReadonlySet<PodClass>, other: ReadonlySet<PodClass>): boolean =>
  one.size === other.size && one.isSubsetOf(other);
