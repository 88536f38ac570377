/** What policies see of pods and namespaces, as keys that are equal where they see no difference. */
import {
  type BlockPeer,
  contains,
  DIRECTIONS,
  NAME_LABEL,
  type NetworkPolicy,
  type Peer,
  type PodPeer,
  type PolicyPort,
  parseAddress,
  peersOf,
  type Rule,
  rulesOf,
  type Selector,
  selectorKey,
  selects,
} from '../model/index.ts';
import type { ClusterNamespace, ClusterPod } from './cluster-state.ts';

/** Selectors by key, so that equal ones count once. */
type Selectors = Map<string, Selector>;

/** What policies can see of the pods of some namespaces that they can't tell apart. */
export interface Sight {
  /** Equal for namespaces of one kind: the same selectors select them, and their own policies say the same. */
  readonly kind: string;
  /** Whether their policies tell a pod of the same namespace from a pod of another one of the kind. */
  readonly tellsOwnApart: boolean;
  /** Equal for pods that no policy tells apart. */
  classOf(pod: ClusterPod): string;
  /** Equal for pods that connections from other namespaces of the kind don't tell apart. */
  outerClassOf(pod: ClusterPod): string;
  isIsolated(pod: Pick<ClusterPod, 'labels'>): boolean;
}

/**
 * Whether a connection is allowed depends on `classOf` both ends, on the port, and, in namespaces with `tellsOwnApart`, on
 * whether both pods are in the same namespace; and nothing blocks a pod from itself. For one IP family.
 */
export const createSight = (policies: readonly NetworkPolicy[]): ((namespace: ClusterNamespace) => Sight) => {
  const byNamespace = Map.groupBy(policies, ({ namespace }) => namespace);
  const outer = outerPeersOf(policies);
  const places = placesOf(policies);
  const portNames = new Set(policies.flatMap(rulesOf).flatMap(portsOf).flatMap(nameOf));
  const known = new Map<string, Sight>();

  return ({ name, labels }) => {
    const own = byNamespace.get(name) ?? [];
    const seen = [...outer].filter(([, { namespaces }]) => selects(namespaces, { ...labels, [NAME_LABEL]: name }));
    const kind = JSON.stringify([seen.map(([key]) => key), [...new Set(own.map(meaningOf))].sort()]);
    const sight = known.get(kind) ?? makeSight(kind);
    known.set(kind, sight);
    return sight;

    function makeSight(key: string): Sight {
      const fromOutside: Selectors = new Map(seen.flatMap(([, { pods }]) => [...pods]));
      const ownPeers = own.flatMap((policy) => peersIn(policy).flatMap((peer) => ownPeerOf(peer, policy.namespace)));
      const inOwn = [...own.map(({ pods }) => pods), ...ownPeers];
      const all: Selectors = new Map([...fromOutside, ...inOwn.map((pods) => [selectorKey(pods), pods] as const)]);
      const rest = ({ ports, hostNetwork, addresses }: ClusterPod): string => {
        const named = ports.filter((port) => port.name !== undefined && portNames.has(port.name));
        const names = named.map(({ name: word, number, protocol }) => `${word} ${number}/${protocol}`).sort();
        return JSON.stringify([names, hostNetwork, places(addresses[0])]);
      };
      const inside = viewOf(all);
      const outside = viewOf(fromOutside);
      const letIn = (pod: ClusterPod): string => {
        const isolating = own.filter(({ ingress, pods }) => ingress !== null && selects(pods, pod.labels));
        return JSON.stringify([isolating.length > 0, [...new Set(isolating.flatMap(outerIngressOf))].sort()]);
      };
      return {
        kind: key,
        tellsOwnApart: ownPeers.length > 0,
        classOf: (pod) => `${inside(pod.labels)} ${rest(pod)}`,
        outerClassOf: (pod) => `${outside(pod.labels)} ${letIn(pod)} ${rest(pod)}`,
        isIsolated: (pod) => own.some(({ pods }) => selects(pods, pod.labels)),
      };
    }
  };
};

/** Whether an address lies in each block of the policies, as text that is equal for addresses that all have the same answers. */
export const placesOf = (policies: readonly NetworkPolicy[]): ((address: string | undefined) => string) => {
  const blocks = [...new Map(policies.flatMap(blocksIn).map((block) => [peerKey(block, ''), block])).values()];
  const known = new Map<string | undefined, string>();
  return (text) => {
    const address = text === undefined ? null : parseAddress(text);
    const place =
      known.get(text) ??
      blocks
        .map(({ cidr, except }) => address && contains(cidr, address) && !except.some((one) => contains(one, address)))
        .map((lies) => (lies ? '1' : '0'))
        .join('');
    known.set(text, place);
    return place;
  };
};

export const blocksIn = (policy: NetworkPolicy): readonly BlockPeer[] =>
  peersIn(policy).filter((peer) => peer.kind === 'block');

export const portsOf = ({ ports }: Rule): readonly PolicyPort[] => ports ?? [];

const peersIn = (policy: NetworkPolicy): readonly Peer[] => rulesOf(policy).flatMap(peersOf);

const nameOf = (port: PolicyPort): readonly string[] => ('name' in port ? [port.name] : []);

/**
 * A policy that names its own namespace means the same as one that leaves it out. Charts write it so, and then the
 * policies of a thousand namespaces differ in nothing else.
 */
const isOwn = ({ namespaces }: PodPeer, own: string): boolean => {
  if (!namespaces) return true;
  const [only, ...others] = namespaces.requirements;
  return (
    others.length === 0 &&
    only?.key === NAME_LABEL &&
    only.operator === 'In' &&
    only.values.every((value) => value === own)
  );
};

const ownPeerOf = (peer: Peer, own: string): readonly Selector[] =>
  peer.kind === 'pods' && isOwn(peer, own) ? [peer.pods] : [];

/** What the ingress rules of a policy let in from other namespaces, each rule as text. */
const outerIngressOf = ({ ingress, namespace }: NetworkPolicy): readonly string[] =>
  (ingress ?? []).flatMap((rule) => {
    const peers = rule.peers?.filter((peer) => ownPeerOf(peer, namespace).length === 0) ?? null;
    return peers?.length === 0 ? [] : [ruleKey({ ...rule, peers }, namespace)];
  });

/** The peers in other namespaces: by selector of these, the pods that are meant there. */
const outerPeersOf = (policies: readonly NetworkPolicy[]) => {
  const outer = new Map<string, { readonly namespaces: Selector; readonly pods: Selectors }>();
  for (const policy of policies)
    for (const peer of peersIn(policy)) {
      if (peer.kind !== 'pods' || !peer.namespaces || isOwn(peer, policy.namespace)) continue;
      const key = selectorKey(peer.namespaces);
      const found = outer.get(key) ?? { namespaces: peer.namespaces, pods: new Map() };
      found.pods.set(selectorKey(peer.pods), peer.pods);
      outer.set(key, found);
    }
  return outer;
};

/** Which of the selectors select labels; looks only once at labels that differ in nothing that a selector names. */
const viewOf = (selectors: Selectors): ((labels: ClusterPod['labels']) => string) => {
  const keys = [...new Set([...selectors.values()].flatMap(({ requirements }) => requirements.map(({ key }) => key)))];
  const known = new Map<string, string>();
  return (labels) => {
    const relevant = JSON.stringify(keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null)));
    const view =
      known.get(relevant) ??
      [...selectors.values()].map((selector) => (selects(selector, labels) ? '1' : '0')).join('');
    known.set(relevant, view);
    return view;
  };
};

/** Equal for policies that say the same in namespaces of their own. */
const meaningOf = (policy: NetworkPolicy): string =>
  JSON.stringify([
    selectorKey(policy.pods),
    ...DIRECTIONS.map((direction) => policy[direction]?.map((rule) => ruleKey(rule, policy.namespace)).sort() ?? null),
  ]);

const ruleKey = ({ peers, ports }: Rule, own: string): string =>
  JSON.stringify([peers?.map((peer) => peerKey(peer, own)).sort() ?? null, ports?.map(portKey).sort() ?? null]);

const peerKey = (peer: Peer, own: string): string => {
  if (peer.kind === 'block') return `block ${peer.cidr.text} but ${peer.except.map(({ text }) => text).sort()}`;
  const where = peer.namespaces && !isOwn(peer, own) ? `in ${selectorKey(peer.namespaces)}` : 'here';
  return `${where} pods ${selectorKey(peer.pods)}`;
};

const portKey = (port: PolicyPort): string =>
  `${port.protocol} ${'name' in port ? port.name : `${port.first}-${port.last}`}`;
