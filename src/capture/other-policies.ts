import { type Client, pathOf, RefusalError } from '../kube/index.ts';
import type { Scope } from './rights.ts';

interface Kind {
  readonly vendor: string;
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The kinds of policies that decide about connections between pods besides NetworkPolicies. */
const KINDS: readonly Kind[] = [
  ...['projectcalico.org', 'crd.projectcalico.org'].flatMap((group) => [
    { vendor: 'Calico', group, plural: 'networkpolicies', kind: 'NetworkPolicy', namespaced: true },
    { vendor: 'Calico', group, plural: 'globalnetworkpolicies', kind: 'GlobalNetworkPolicy', namespaced: false },
  ]),
  cilium('ciliumnetworkpolicies', 'CiliumNetworkPolicy', true),
  cilium('ciliumclusterwidenetworkpolicies', 'CiliumClusterwideNetworkPolicy', false),
  upstream('clusternetworkpolicies', 'ClusterNetworkPolicy'),
  upstream('adminnetworkpolicies', 'AdminNetworkPolicy'),
  upstream('baselineadminnetworkpolicies', 'BaselineAdminNetworkPolicy'),
  antrea('networkpolicies', 'NetworkPolicy', true),
  antrea('clusternetworkpolicies', 'ClusterNetworkPolicy', false),
  {
    ...{ vendor: 'OVN-Kubernetes', group: 'k8s.ovn.org', plural: 'egressfirewalls' },
    ...{ kind: 'EgressFirewall', namespaced: true },
  },
  {
    ...{ vendor: 'Istio', group: 'security.istio.io', plural: 'authorizationpolicies' },
    ...{ kind: 'AuthorizationPolicy', namespaced: true },
  },
];

function cilium(plural: string, kind: string, namespaced: boolean): Kind {
  return { vendor: 'Cilium', group: 'cilium.io', plural, kind, namespaced };
}

function upstream(plural: string, kind: string): Kind {
  return { vendor: 'the Network Policy API', group: 'policy.networking.k8s.io', plural, kind, namespaced: false };
}

function antrea(plural: string, kind: string, namespaced: boolean): Kind {
  return { vendor: 'Antrea', group: 'crd.antrea.io', plural, kind, namespaced };
}

export interface OtherPolicies {
  /** Policies that are in force and not captured: `CiliumNetworkPolicy prod/web`. */
  readonly found: readonly string[];
  /** The kinds that the user may not list; null if not even the kinds are known. */
  readonly unchecked: readonly string[] | null;
}

/** Looks for policies of other kinds in the namespaces, and for those of the whole cluster. */
export const findOtherPolicies = async (client: Client, scope: Scope, signal?: AbortSignal): Promise<OtherPolicies> => {
  const groups = await client.apiGroups({ signal }).catch(refused);
  if (groups === 403) return { found: [], unchecked: null };
  if (typeof groups === 'number') return { found: [], unchecked: [] };
  const asked = KINDS.filter(({ group }) => groups.has(group) && !isServedTwice(group, groups));
  const answers = await Promise.all(
    asked.map((kind) => namesOf(client, kind, groups.get(kind.group) ?? [], scope, signal)),
  );
  return {
    found: answers.flatMap((names) => names ?? []),
    unchecked: asked.filter((_, at) => answers[at] === null).map(({ plural, group }) => `${plural}.${group}`),
  };
};

/** Calico's API server serves the objects of Calico's CRDs under another name. */
const isServedTwice = (group: string, groups: ReadonlyMap<string, unknown>): boolean =>
  group === 'crd.projectcalico.org' && groups.has('projectcalico.org');

/** The status of a refusal that is an answer: not allowed, or no such thing. */
const refused = (error: unknown): number => {
  if (error instanceof RefusalError && [403, 404].includes(error.status)) return error.status;
  throw error;
};

/** null if the user may not list them. A group may serve a kind in one of its versions only. */
const namesOf = async (
  client: Client,
  { group, plural, kind, namespaced }: Kind,
  versions: readonly string[],
  scope: Scope,
  signal?: AbortSignal,
): Promise<readonly string[] | null> => {
  const places = namespaced && scope.kind === 'some' ? scope.namespaces : [null];
  for (const version of versions) {
    const root = `/apis/${group}/${version}`;
    const pathsOf = (namespace: string | null): string =>
      `${root}${namespace === null ? '' : pathOf('Namespace', { name: namespace }).slice('/api/v1'.length)}/${plural}`;
    const lists = await Promise.all(places.map((place) => client.list(pathsOf(place), { signal }).catch(refused)));
    if (lists.includes(403)) return null;
    if (lists.includes(404)) continue;
    return lists
      .flatMap((list) => (typeof list === 'number' ? [] : list))
      .map(({ metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
  }
  return [];
};
