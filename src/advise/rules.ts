import { type Direction, NAME_LABEL } from '../model/index.ts';
import { familyOf, type Port, type Protocol } from '../scenario/index.ts';
import type { App, OutsideAddress, Party } from './party.ts';

/** Who may connect, or be connected to. */
export type Peer =
  | App
  | OutsideAddress
  /** All pods of a namespace, those to come included. */
  | { readonly kind: 'namespace'; readonly namespace: string };

/** One number or several, of one protocol. */
export interface PortSpan extends Pick<Port, 'protocol'> {
  readonly first: number;
  readonly last: number;
}

export interface AdvisedRule {
  /** `everyone`: whoever it is, outside the cluster too. `dns`: the cluster's DNS servers. */
  readonly peers: readonly Peer[] | 'everyone' | 'dns';
  readonly ports: readonly PortSpan[];
}

/** One peer that may use one port. */
export interface Grant {
  readonly peer: Party;
  readonly port: PortSpan;
}

/** So many applications, if they are all of a namespace, are written as the namespace. */
const MANY = 3;

/**
 * As few rules as grouping by either side gives: peers that may use the same ports, or ports that the same peers may use.
 * @param namespaces All applications of each namespace that could be peers.
 */
export const rulesFor = (
  grants: readonly Grant[],
  namespaces: ReadonlyMap<string, readonly App[]>,
): readonly AdvisedRule[] => {
  const cell = ({ peer, port }: Grant) => ({ peer: peerKey(peer), port: portKey(port) });
  const grouped = (one: 'peer' | 'port', other: 'peer' | 'port'): readonly AdvisedRule[] => {
    const shared = Map.groupBy(grants, (grant) => cell(grant)[one]);
    const alike = Map.groupBy(shared.values(), (own) =>
      [...new Set(own.map((grant) => cell(grant)[other]))].sort().join(),
    );
    return [...alike.values()].map((groups) => {
      const own = groups.flat();
      const peers = [...new Map(own.map(({ peer }) => [peerKey(peer), peer])).values()];
      const ports = [...new Map(own.map(({ port }) => [portKey(port), port])).values()];
      return { peers: withNamespaces(peers, namespaces), ports: ports.toSorted(comparePorts) };
    });
  };
  const [byPeer, byPort] = [grouped('peer', 'port'), grouped('port', 'peer')];
  return sizeOf(byPort) < sizeOf(byPeer) ? byPort : byPeer;
};

const sizeOf = (rules: readonly AdvisedRule[]): number =>
  rules.reduce((sum, { peers, ports }) => sum + peers.length + ports.length, 0);

const withNamespaces = (peers: readonly Party[], namespaces: ReadonlyMap<string, readonly App[]>): readonly Peer[] => {
  const whole = new Set(
    [...namespaces]
      .filter(([, apps]) => apps.length >= MANY && apps.every((app) => peers.includes(app)))
      .map(([namespace]) => namespace),
  );
  const all = peers.map((peer) =>
    peer.kind === 'app' && whole.has(peer.namespace)
      ? ({ kind: 'namespace', namespace: peer.namespace } as const)
      : peer,
  );
  return [...new Map(all.map((peer) => [peerKey(peer), peer])).values()];
};

const peerKey = (peer: Peer): string => {
  switch (peer.kind) {
    case 'app':
      return `${peer.namespace}/${peer.name}`;
    case 'host':
      return `${peer.host.endpoint} ${peer.address}`;
    case 'namespace':
      return `${peer.namespace}/*`;
  }
};

export const portKey = ({ protocol, first, last }: PortSpan): string => `${first}-${last}/${protocol}`;

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

const comparePorts = (one: PortSpan, other: PortSpan): number =>
  PROTOCOLS.indexOf(one.protocol) - PROTOCOLS.indexOf(other.protocol) || one.first - other.first;

/** A rule as a policy of the namespace has it. */
export const ruleSpec = ({ peers, ports }: AdvisedRule, direction: Direction, namespace: string): object => ({
  ...(peers !== 'everyone' && {
    [direction === 'ingress' ? 'from' : 'to']:
      peers === 'dns' ? [DNS_PEER] : peers.map((peer) => peerSpec(peer, namespace)),
  }),
  ports: ports.map(({ protocol, first, last }) => ({ protocol, port: first, ...(last > first && { endPort: last }) })),
});

const inNamespace = (name: string): object => ({ namespaceSelector: { matchLabels: { [NAME_LABEL]: name } } });

const peerSpec = (peer: Peer, namespace: string): object => {
  if (peer.kind === 'host')
    return { ipBlock: { cidr: `${peer.address}/${familyOf(peer.address) === 'IPv6' ? 128 : 32}` } };
  const isOwn = peer.namespace === namespace;
  if (peer.kind === 'namespace') return isOwn ? { podSelector: {} } : inNamespace(peer.namespace);
  return { ...(!isOwn && inNamespace(peer.namespace)), podSelector: peer.selector };
};

/** As kubeadm and kind install DNS, and most others. */
const DNS_PEER = { ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };
