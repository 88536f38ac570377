import type { ObjectKind } from './objects.ts';

/** What podreach does with an object: read it, report it as a policy that it can't read, or skip it. */
export type Treatment = 'policy' | 'foreign-policy' | 'other';

/** The vendor of the policies in an API group, or in a group that ends with it. */
const vendors: readonly (readonly [group: string, vendor: string])[] = [
  ['projectcalico.org', 'Calico'],
  ['cilium.io', 'Cilium'],
  ['policy.networking.k8s.io', 'the Network Policy API'],
  ['antrea.io', 'Antrea'],
  ['antrea.tanzu.vmware.com', 'Antrea'],
  ['k8s.ovn.org', 'OVN-Kubernetes'],
  ['network.openshift.io', 'OpenShift SDN'],
  ['k8s.cni.cncf.io', 'Multus'],
  ['istio.io', 'Istio'],
];

/** The kinds of policies between pods whose names don't contain NetworkPolicy. */
const otherPolicies: ReadonlySet<string> = new Set(['EgressFirewall', 'AuthorizationPolicy']);

/** The other kinds in networking.k8s.io. */
const neighbours: ReadonlySet<string> = new Set(['Ingress', 'IngressClass', 'IPAddress', 'ServiceCIDR']);

const groupOf = (apiVersion: string): string => /^(.*)\//.exec(apiVersion)?.[1] ?? '';

/** The vendor of an API, if podreach knows it. */
export const vendorOf = (apiVersion: string): string | null => {
  const group = groupOf(apiVersion);
  return vendors.find(([own]) => group === own || group.endsWith(`.${own}`))?.[1] ?? null;
};

/**
 * Kubernetes' own NetworkPolicy, or what is most likely a typo for it: no kind or version, another kind of its API, or
 * a group that nobody else can own. The reader gets those and reports what is wrong.
 */
const isOrShouldBePolicy = ({ apiVersion, kind }: ObjectKind): boolean => {
  const group = groupOf(apiVersion);
  if (apiVersion === '' || kind === '') return true;
  if (group === 'networking.k8s.io') return !neighbours.has(kind);
  const isOwnDomain = group.includes('.') && !group.endsWith('.k8s.io');
  return kind === 'NetworkPolicy' && !isOwnDomain && vendorOf(apiVersion) === null;
};

export const treatmentOf = (object: ObjectKind): Treatment => {
  if (isOrShouldBePolicy(object)) return 'policy';
  return /network-?polic(?:y|ies)$/i.test(object.kind) || otherPolicies.has(object.kind) ? 'foreign-policy' : 'other';
};
