import type { Policy, Topology } from './scenario.ts';

/** Where kubectl puts objects that name no namespace. */
export const DEFAULT_NAMESPACE = 'default';

/** Kubernetes always has a namespace `default`, so one that only a policy lands in need not be written down. */
export const withDefault = (topology: Topology, policies: readonly Pick<Policy, 'namespace'>[]): Topology =>
  topology.namespaces.some(({ name }) => name === DEFAULT_NAMESPACE) ||
  !policies.some(({ namespace }) => namespace === DEFAULT_NAMESPACE)
    ? topology
    : added(topology);

const known = new WeakMap<Topology, Topology>();

const added = (topology: Topology): Topology => {
  const own = { name: DEFAULT_NAMESPACE, labels: {}, pods: [] };
  const whole = known.get(topology) ?? { ...topology, namespaces: [...topology.namespaces, own] };
  known.set(topology, whole);
  return whole;
};
