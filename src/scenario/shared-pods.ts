import type { Pod, Topology } from './scenario.ts';
import { podsOf, topologyKey } from './topology.ts';

/**
 * Equal for topologies that differ only in labels which a running pod or its namespace may be given later. Others can
 * decide how a pod is created: those of the Pod Security Standards, for example. Services select pods by their labels.
 */
export const runningKey = (topology: Topology): string => {
  if (topology.services.length > 0) return topologyKey(topology);
  const fixed = (labels: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => key.includes('/') || key === 'istio-injection'));
  const namespaces = topology.namespaces.map((namespace) => ({
    ...namespace,
    labels: fixed(namespace.labels),
    pods: namespace.pods.map((pod) => ({ ...pod, labels: fixed(pod.labels) })),
  }));
  return topologyKey({ ...topology, namespaces });
};

/** Coming and going takes time as well. */
const FEW = 3;

/**
 * Whether it is less work to turn one topology into another than to bring that up: at most three pods are in only one of
 * them, at least half are in both, and without those three their running keys are equal. Never where other pods would mean
 * other backends of a Service or other tunnels of a host.
 */
export const areFewPodsApart = (one: Topology, other: Topology): boolean => {
  if ([one, other].some(({ services, hosts }) => services.length + hosts.length > 0)) return false;
  const apart = namesIn(one).symmetricDifference(namesIn(other));
  if (apart.size > FEW) return false;
  const [ours, theirs] = [without(apart, one), without(apart, other)];
  const most = Math.max(podsOf(one).length, podsOf(other).length);
  return (
    podsOf(ours).length * 2 >= most &&
    [...podsOf(one), ...podsOf(other)].every((pod) => !apart.has(pod.endpoint) || isPlain(pod)) &&
    runningKey(ours) === runningKey(theirs)
  );
};

const namesIn = (topology: Topology): ReadonlySet<string> => {
  const names = known.get(topology) ?? new Set(podsOf(topology).map(({ endpoint }) => endpoint));
  known.set(topology, names);
  return names;
};

/** A run with many topologies compares each with each. */
const known = new WeakMap<Topology, ReadonlySet<string>>();

const without = (names: ReadonlySet<string>, topology: Topology): Topology => ({
  ...topology,
  namespaces: topology.namespaces.map((one) => ({
    ...one,
    pods: one.pods.filter(({ endpoint }) => !names.has(endpoint)),
  })),
});

/** It can start on any node, at any address, and needs nothing beside it. */
const isPlain = ({ addresses, hostNetwork, readiness }: Pod): boolean =>
  addresses === undefined && !hostNetwork && readiness === undefined;
