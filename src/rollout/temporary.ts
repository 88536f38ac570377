import {
  DIRECTIONS,
  type Direction,
  NAME_LABEL,
  type NetworkPolicy,
  parseAddress,
  readPolicies,
} from '../model/index.ts';
import { type Host, type Pod, type Probe, podsOf, portText, type Topology } from '../scenario/index.ts';

/** A policy that is in force only while others change. */
export interface Temporary {
  readonly namespace: string;
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly spec: NetworkPolicy;
}

/** Pods that no selector can tell apart, in one direction, and the connections that they need all the time. */
interface Need {
  readonly pod: Pod;
  readonly direction: Direction;
  readonly cells: readonly Probe[];
}

/**
 * One policy for each group of equal pods and each direction: it allows the cells given and no others, so they stay open
 * whatever happens to the policies beside it. `isAffected` picks the pods whose isolation changes.
 */
export const temporaryPolicies = (
  topology: Topology,
  cells: readonly Probe[],
  isAffected: (endpoint: string, direction: Direction) => boolean,
): readonly Temporary[] => {
  const pods = podsOf(topology);
  const peers = new Map<string, Pod | Host>([...pods, ...topology.hosts].map((end) => [end.endpoint, end]));
  const groups = [...Map.groupBy(pods, likenessOf).values()];
  return groups.flatMap((group) =>
    DIRECTIONS.flatMap((direction): readonly Temporary[] => {
      const [pod] = group;
      if (!pod || !group.some(({ endpoint }) => isAffected(endpoint, direction))) return [];
      const members = new Set(group.map(({ endpoint }) => endpoint));
      const own = cells.filter(({ from, to }) => members.has(direction === 'ingress' ? to : from));
      return [temporaryFor({ pod, direction, cells: own }, peers)];
    }),
  );
};

const likenessOf = ({ namespace, labels }: Pod): string => JSON.stringify([namespace, Object.entries(labels).sort()]);

const temporaryFor = ({ pod, direction, cells }: Need, peers: ReadonlyMap<string, Pod | Host>): Temporary => {
  const { namespace, labels } = pod;
  const name = `podreach-temporary-${pod.name}-${direction}`.slice(0, 253);
  const [peerKey, type] = direction === 'ingress' ? ['from', 'Ingress'] : ['to', 'Egress'];
  const byPeer = Map.groupBy(cells, (cell) =>
    JSON.stringify(peerOf(peers.get(direction === 'ingress' ? cell.from : cell.to))),
  );
  const rules = [...byPeer].map(([peer, own]) => ({ [peerKey]: [JSON.parse(peer)], ports: portsOf(own) }));
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: labels }, policyTypes: [type], [direction]: rules },
  };
  const [spec] = readPolicies([manifest]) as [NetworkPolicy];
  return { namespace, name, manifest, spec };
};

const peerOf = (end: Pod | Host | undefined): object => {
  if (!end) return {};
  if ('namespace' in end) {
    const namespaceSelector = { matchLabels: { [NAME_LABEL]: end.namespace } };
    return { namespaceSelector, podSelector: { matchLabels: end.labels } };
  }
  const [address = ''] = end.addresses;
  return { ipBlock: { cidr: `${address}/${parseAddress(address)?.family === 'IPv6' ? 128 : 32}` } };
};

const portsOf = (cells: readonly Probe[]): readonly object[] => [
  ...new Map(
    cells.map(({ port, protocol }) => [portText({ number: port, protocol }), { protocol, port }] as const),
  ).values(),
];
