import type { Peer, PodPeer } from '../policy.ts';
import { selects } from '../selector.ts';
import { selectorText } from './text.ts';
import { scopeOf, type Topology } from './topology.ts';
import type { Finding } from './warning.ts';

/**
 * Two peers side by side, one a namespaceSelector and the other a podSelector, are OR; with one dash less they would be
 * AND (https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors).
 * Both forms are in use. The warning is about the podSelector, and appears only if it does nothing as OR but something
 * as AND.
 */
export const findOrTrap = (
  peer: PodPeer,
  neighbours: readonly (Peer | undefined)[],
  policyNamespace: string,
  topology: Topology,
): Finding | null => {
  const own = topology.namespaces.get(policyNamespace);
  if (!own || peer.namespaces || peer.pods.requirements.length === 0) return null;
  const alone = `podSelector ${selectorText(peer.pods)}`;
  for (const neighbour of neighbours) {
    if (neighbour?.kind !== 'pods' || !neighbour.namespaces || neighbour.pods.requirements.length > 0) continue;
    const scope = scopeOf(neighbour, policyNamespace, topology);
    if (!scope.some(({ pods }) => pods.some(({ labels }) => selects(peer.pods, labels)))) continue;
    const wide = `namespaceSelector ${selectorText(neighbour.namespaces)}`;
    const why = !own.pods.some(({ labels }) => selects(peer.pods, labels))
      ? `${alone} selects no pod of namespace ${own.name}`
      : scope.includes(own)
        ? `${wide} already means every pod of namespace ${own.name}`
        : null;
    if (why === null) continue;
    const message = `${wide} and ${alone} are two peers, which means OR, and ${why}; for AND, write both under one dash`;
    return { rule: 'or-looks-like-and', path: peer.path, message };
  }
  return null;
};
