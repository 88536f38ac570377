import type { NetworkPolicy, Peer, PodPeer } from '../policy.ts';
import { peersOf, rulesOf } from '../rules.ts';
import { selects } from '../selector.ts';
import { nearestText } from './nearest.ts';
import { findOrTrap } from './or-trap.ts';
import { meantElsewhere } from './selection.ts';
import { findNamespaceLabels, findPodLabels } from './swapped.ts';
import { listText, namespacesText, selectorText } from './text.ts';
import type { Inhabited } from './topology.ts';
import { mayBeUnseen, scopeOf, type Topology } from './topology.ts';
import type { Check, Finding } from './warning.ts';

/** Peers that select nothing, and those that read like AND but mean OR, or the reverse. */
export const checkPeers: Check = (policy, topology) => {
  return rulesOf(policy).flatMap((rule) =>
    peersOf(rule).flatMap((peer, index, all) => checkPeer(policy, peer, [all[index - 1], all[index + 1]], topology)),
  );
};

const checkPeer = (
  policy: NetworkPolicy,
  peer: Peer,
  neighbours: readonly (Peer | undefined)[],
  topology: Topology,
): readonly Finding[] => {
  if (peer.kind !== 'pods') return [];
  const trap = findOrTrap(peer, neighbours, policy.namespace, topology);
  if (trap) return [trap];
  const scope = scopeOf(peer, policy.namespace, topology);
  if (scope.some(({ pods }) => pods.some(({ labels }) => selects(peer.pods, labels)))) return [];
  return peer.namespaces
    ? checkWide(policy, { ...peer, namespaces: peer.namespaces }, scope, topology)
    : checkOwn(policy, peer, scope, topology);
};

type WidePeer = PodPeer & { readonly namespaces: NonNullable<PodPeer['namespaces']> };

/** A peer with a namespaceSelector that selects nothing. */
const checkWide = (
  { namespace }: NetworkPolicy,
  peer: WidePeer,
  scope: readonly Inhabited[],
  topology: Topology,
): readonly Finding[] => {
  if (mayBeUnseen(peer, topology)) return [];
  const namespaces = `namespaceSelector ${selectorText(peer.namespaces)}`;
  if (scope.length === 0) {
    const swapped = findPodLabels(peer, namespace, topology);
    if (swapped) return [swapped];
    const candidates = [...topology.namespaces.values(), ...(topology.unseen ? [topology.unseen.namespace] : [])];
    const message = `${namespaces} selects no namespace with pods${nearestText(peer.namespaces, candidates, topology)}`;
    return [{ rule: 'peer-selects-nothing', path: peer.namespaces.path, message }];
  }
  const pods = `podSelector ${selectorText(peer.pods)}`;
  const own = topology.namespaces.get(namespace)?.pods.filter(({ labels }) => selects(peer.pods, labels)) ?? [];
  if (own.length > 0) {
    const names = listText(own.map(({ name }) => name));
    const message = `${namespaces} and ${pods} in one peer mean AND, and no pod is both; for OR (${pods} means ${names}) put a dash before each`;
    return [{ rule: 'and-looks-like-or', path: peer.path, message }];
  }
  const swapped = findNamespaceLabels(peer, scope, topology);
  if (swapped) return [swapped];
  const message = `${pods} selects no pod of ${namespacesText(scope)}${nearestText(
    peer.pods,
    scope.flatMap((one) => one.pods),
    topology,
  )}`;
  return [{ rule: 'peer-selects-nothing', path: peer.pods.path, message }];
};

/** A peer without a namespaceSelector, so for pods in the policy's namespace, that selects nothing. */
const checkOwn = (
  policy: NetworkPolicy,
  { pods: selector }: PodPeer,
  scope: readonly Inhabited[],
  topology: Topology,
): readonly Finding[] => {
  // In that case the policy is in the wrong place, which another warning reports.
  if (scope.length === 0 || meantElsewhere(policy, topology).length > 0) return [];
  const nothing = `podSelector ${selectorText(selector)} selects no pod of ${namespacesText(scope)}`;
  const elsewhere = meantElsewhere({ ...policy, pods: selector }, topology);
  const swapped =
    elsewhere.length === 0 ? findNamespaceLabels({ namespaces: null, pods: selector }, scope, topology) : null;
  if (swapped) return [swapped];
  const names = listText(elsewhere.map(({ name }) => name));
  const message =
    elsewhere.length > 0
      ? `${nothing}, but ${names}; add a namespaceSelector beside it, under the same dash`
      : nothing +
        nearestText(
          selector,
          scope.flatMap(({ pods }) => pods),
          topology,
        );
  return [{ rule: 'peer-selects-nothing', path: selector.path, message }];
};
