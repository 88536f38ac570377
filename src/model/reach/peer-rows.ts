import { matchesPeer } from '../match.ts';
import type { NetworkPolicy, Peer } from '../policy.ts';
import { selectorKey, selects } from '../selector.ts';
import { emptyBits, type Row, setBit } from './bits.ts';
import type { EndpointClass } from './classes.ts';

/**
 * Finds the classes that a peer of a policy matches. Looks only into the peer's namespaces, and only once for equal
 * peers.
 */
export const createPeerRows = (classes: readonly EndpointClass[]): ((peer: Peer, policy: NetworkPolicy) => Row) => {
  const byNamespace = Map.groupBy(classes, ({ sample }) => sample.namespace);
  const byName = Map.groupBy(classes, ({ sample }) => sample.namespace?.name);
  const rows = new Map<string, Row>();
  const keys = new Map<Peer, string>();

  const candidates = (peer: Peer, own: string): readonly EndpointClass[] => {
    if (peer.kind === 'block') return classes;
    const { namespaces } = peer;
    if (!namespaces) return byName.get(own) ?? [];
    return [...byNamespace].flatMap(([namespace, its]) =>
      namespace && selects(namespaces, namespace.labels) ? its : [],
    );
  };
  const makeRow = (peer: Peer, own: string): Row => {
    const row = { sure: emptyBits(classes.length), possible: emptyBits(classes.length) };
    for (const { id, sample } of candidates(peer, own)) {
      const answer = matchesPeer(peer, own, sample);
      if (answer === 'yes') setBit(row.sure, id);
      if (answer !== 'no') setBit(row.possible, id);
    }
    return row;
  };

  return (peer, { namespace }) => {
    const key = keys.get(peer) ?? keyOf(peer, namespace);
    keys.set(peer, key);
    const row = rows.get(key) ?? makeRow(peer, namespace);
    rows.set(key, row);
    return row;
  };
};

const keyOf = (peer: Peer, own: string): string =>
  peer.kind === 'block'
    ? `block ${peer.cidr.text} ${peer.except.map(({ text }) => text)}`
    : `${peer.namespaces ? `in ${selectorKey(peer.namespaces)}` : own} pods ${selectorKey(peer.pods)}`;
