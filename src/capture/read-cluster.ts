import { type ExistingObject, type ExistingPod, existingPod, isRunning } from '../attach/index.ts';
import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf, RefusalError } from '../kube/index.ts';
import { NAME_LABEL, peersOf, rulesOf, selects } from '../model/index.ts';
import { nearest } from '../text.ts';
import type { ClusterNamespace, ClusterPod, ClusterState } from './cluster-state.ts';
import { findOtherPolicies, type OtherPolicies } from './other-policies.ts';
import { readCapturedPolicy } from './read-policies.ts';
import { readService } from './read-services.ts';
import { requireRightsToCapture, type Scope } from './rights.ts';
import { workloadName } from './workload-name.ts';

/** What was read of a cluster, and what was seen beside it. */
export interface Reading {
  readonly state: ClusterState;
  /** The same pods, as `podreach probe` needs them. */
  readonly existing: ReadonlyMap<string, ExistingPod>;
  readonly notRunning: number;
  /** The Services whose backends are not chosen by labels. */
  readonly unselecting: readonly string[];
  /** The namespaces that policies mean by their labels, and that are not captured; null if the user may not list them. */
  readonly outside: readonly string[] | null;
  readonly otherPolicies: OtherPolicies;
}

/**
 * Reads what a scenario needs: labels, ports and addresses of running pods, namespaces, Services and NetworkPolicies.
 * Changes nothing. Throws a PodreachError that names every right that is missing.
 */
export const readCluster = async (client: Client, scope: Scope, signal?: AbortSignal): Promise<Reading> => {
  await requireRightsToCapture(client, scope, signal);
  const all = await client.list(pathOf('Namespace'), { signal }).catch(unlessForbidden);
  const objects = scope.kind === 'all' ? (all ?? []) : await namespacesNamed(client, scope.namespaces, all, signal);
  const namespaces = objects.map(namespaceOf);
  const list = async (kind: 'Pod' | 'Service' | 'NetworkPolicy'): Promise<readonly KubeObject[]> => {
    if (scope.kind === 'all') return client.list(pathOf(kind), { signal });
    const places = scope.namespaces.map((namespace) => client.list(pathOf(kind, { namespace }), { signal }));
    return (await Promise.all(places)).flat();
  };
  const [pods, services, policies, otherPolicies] = await Promise.all([
    list('Pod') as Promise<readonly ExistingObject[]>,
    list('Service'),
    list('NetworkPolicy'),
    findOtherPolicies(client, scope, signal),
  ]);
  const running = pods.filter(isRunning);
  if (running.length === 0)
    throw new PodreachError(`there is no running pod in ${scope.kind === 'all' ? 'the cluster' : scope.namespaces}`);
  const existing = running.map((pod) => existingPod(pod, null));
  const read = services.map(readService);
  const state = {
    namespaces,
    pods: existing.map((pod, at) => clusterPod(pod, running[at] as ExistingObject)),
    services: read.filter((service) => service !== null),
    policies: policies.map(readCapturedPolicy),
  };
  return {
    state,
    existing: new Map(existing.map((pod) => [pod.endpoint, pod])),
    notRunning: pods.length - running.length,
    unselecting: services.filter((_, at) => read[at] === null).map(nameOf),
    outside: all && namespacesMeant(state, all.map(namespaceOf)),
    otherPolicies,
  };
};

const unlessForbidden = (error: unknown): null => {
  if (error instanceof RefusalError && error.status === 403) return null;
  throw error;
};

const namespacesNamed = async (
  client: Client,
  names: readonly string[],
  all: readonly KubeObject[] | null,
  signal: AbortSignal | undefined,
): Promise<readonly KubeObject[]> => {
  if (!all) return Promise.all(names.map((name) => client.get(pathOf('Namespace', { name }), { signal })));
  const byName = new Map(all.map((one) => [one.metadata.name, one]));
  return names.map((name) => {
    const found = byName.get(name);
    if (found) return found;
    throw new PodreachError(`there is no namespace ${name}${nearest('namespace', name, [...byName.keys()])}`);
  });
};

const namespaceOf = ({ metadata: { name, labels = {} } }: KubeObject): ClusterNamespace => ({ name, labels });

const nameOf = ({ metadata: { name, namespace = 'default' } }: KubeObject): string => `${namespace}/${name}`;

const clusterPod = (
  { endpoint, namespace, labels, ports, addresses, hostNetwork }: ExistingPod,
  object: ExistingObject,
): ClusterPod => ({ endpoint, namespace, labels, ports, addresses, hostNetwork, workload: workloadName(object) });

/** A selector without requirements means all namespaces, and so none in particular. */
const namespacesMeant = (
  { namespaces, policies }: ClusterState,
  all: readonly ClusterNamespace[],
): readonly string[] => {
  const captured = new Set(namespaces.map(({ name }) => name));
  const selectors = policies
    .flatMap(({ spec }) => rulesOf(spec).flatMap(peersOf))
    .flatMap((peer) => (peer.kind === 'pods' && peer.namespaces ? [peer.namespaces] : []))
    .filter(({ requirements }) => requirements.length > 0);
  return all
    .filter(({ name }) => !captured.has(name))
    .filter(({ name, labels }) => selectors.some((one) => selects(one, { ...labels, [NAME_LABEL]: name })))
    .map(({ name }) => name);
};
