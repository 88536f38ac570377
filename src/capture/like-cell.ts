import type { Probe } from '../scenario/index.ts';
import type { PodClass } from './classes.ts';
import type { ClusterPod, ClusterState } from './cluster-state.ts';
import type { Condensed, WrittenPod } from './condense.ts';
import { createPortKey } from './ports.ts';
import type { Role } from './stand-ins.ts';

/**
 * Finds the cell of the scenario that stands for a cell between two pods of the cluster. null for a pod and itself, and
 * where the scenario has none: it had to leave out a pod, or no pod of the class declares a port like that.
 */
export const createLikeCell = (
  { pods, policies }: Pick<ClusterState, 'pods' | 'policies'>,
  { namespaces, kinds, unpinned }: Condensed,
): ((cell: Probe) => Probe | null) => {
  const byEndpoint = new Map(pods.map((pod) => [pod.endpoint, pod]));
  const classOf = new Map(
    kinds.flatMap(({ classes }) => classes.flatMap((one) => one.pods.map((pod) => [pod, one] as const))),
  );
  const kindOf = new Map(kinds.flatMap((kind) => kind.namespaces.map(({ name }) => [name, kind] as const)));
  const written = namespaces.flatMap((namespace) => namespace.pods);
  const portKey = createPortKey(policies.map(({ spec }) => spec));
  const find = (podClass: PodClass, role: Role): WrittenPod | undefined =>
    written.find(
      ({ standIn }) =>
        standIn.role === role &&
        (role === 'elsewhere' ? isOuterLike(standIn.podClass, podClass) : standIn.podClass === podClass),
    );
  const isOuterLike = (one: PodClass, other: PodClass): boolean =>
    one.outerKey === other.outerKey && kindOf.get(namespaceOf(one)) === kindOf.get(namespaceOf(other));

  const endsOf = (from: ClusterPod, to: ClusterPod): readonly (WrittenPod | undefined)[] => {
    const [source, target] = [classOf.get(from), classOf.get(to)];
    const kind = kindOf.get(from.namespace);
    if (!source || !target || !kind) return [];
    const one = find(source, 'first');
    const isApart = from.namespace !== to.namespace && kind === kindOf.get(to.namespace) && kind.sight.tellsOwnApart;
    if (isApart) return [one, find(target, 'elsewhere')];
    // A pod that nothing isolates may do to its like what it may do to itself.
    if (source === target) return [one, source.isIsolated ? find(source, 'second') : one];
    return [one, find(target, 'first')];
  };

  return ({ from, to, port: number, protocol }) => {
    const [source, target] = [byEndpoint.get(from), byEndpoint.get(to)];
    if (!source || !target || source === target) return null;
    const [one, other] = endsOf(source, target);
    if (!one || !other || unpinned.has(one.standIn) || unpinned.has(other.standIn)) return null;
    const key = portKey({ number, protocol }, target);
    const port = other.ports.find((own) => portKey(own, other.standIn.sample) === key);
    return port ? { from: one.endpoint, to: other.endpoint, port: port.number, protocol: port.protocol } : null;
  };
};

const namespaceOf = ({ pods: [pod] }: PodClass): string => pod?.namespace ?? '';
