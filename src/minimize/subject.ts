import { hasLabels, readPolicy } from '../model/index.ts';
import {
  backendNamespace,
  endsOf,
  type Policy,
  type Probe,
  podsOf,
  type ReadPolicy,
  type Step,
  sourcesOf,
  type Topology,
} from '../scenario/index.ts';

/** A world, and the cell in it whose mismatch is to stay. Plain data, of which parts can be taken away. */
export interface Subject {
  readonly cell: Probe;
  readonly topology: Topology;
  readonly policies: readonly Policy[];
}

/** A subject that can be asked about: its policies are read. */
export interface World extends Pick<Step, 'topology' | 'policies'> {
  readonly cell: Probe;
}

/**
 * Of a policy, only what decides is kept: annotations may hold anything. As the API server does, it names the directions
 * that the policy isolates, so that one can be taken away.
 */
export const subjectOf = ({ topology, policies }: Pick<Step, 'topology' | 'policies'>, cell: Probe): Subject => ({
  cell,
  topology,
  policies: policies.map(({ name, namespace, file, line, manifest: { apiVersion, kind, spec: written }, spec }) => {
    const policyTypes = [...(spec.ingress ? ['Ingress'] : []), ...(spec.egress ? ['Egress'] : [])];
    const own = { podSelector: {}, ...Object(withoutNull(written)), policyTypes };
    return { name, namespace, file, line, manifest: { apiVersion, kind, metadata: { name, namespace }, spec: own } };
  }),
});

/** For the API server, null is nothing. */
const withoutNull = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNull(inner)]));
};

/** null if it is none: the API server would refuse a policy, or something refers to what is not there. */
export const worldIn = ({ cell, topology, policies }: Subject): World | null => {
  const namespaces = new Set(topology.namespaces.map(({ name }) => name));
  const pods = new Set(podsOf(topology).map(({ endpoint }) => endpoint));
  const isWhole =
    sourcesOf(topology).some(({ endpoint }) => endpoint === cell.from) &&
    endsOf(topology).some(({ endpoint }) => endpoint === cell.to) &&
    policies.every(({ namespace }) => namespaces.has(namespace)) &&
    topology.services.every((service) => namespaces.has(service.namespace) && hasBackend(service, topology)) &&
    topology.nodes.every(({ runs }) => pods.has(runs.pod));
  const read = policies.flatMap((policy): readonly ReadPolicy[] => {
    const place = { file: policy.file, line: policy.line, column: 1 };
    const spec = readPolicy(policy.manifest, () => {}, { namespace: policy.namespace, placeOf: () => place });
    return spec ? [{ ...policy, spec }] : [];
  });
  return isWhole && read.length === policies.length ? { cell, topology, policies: read } : null;
};

const hasBackend = (service: Topology['services'][number], topology: Topology): boolean =>
  podsOf(topology).some(
    ({ namespace, labels }) => namespace === backendNamespace(service) && hasLabels(labels, service.selector),
  );

/** How much of everything there is. */
export interface Size {
  readonly policies: number;
  readonly rules: number;
  readonly namespaces: number;
  readonly pods: number;
}

export const sizeOf = ({ topology, policies }: World): Size => ({
  policies: policies.length,
  rules: policies.reduce((sum, { spec }) => sum + (spec.ingress?.length ?? 0) + (spec.egress?.length ?? 0), 0),
  namespaces: topology.namespaces.length,
  pods: podsOf(topology).length,
});
