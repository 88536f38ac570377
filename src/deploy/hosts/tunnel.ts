/**
 * The way between a machine outside the cluster, which is a container on the nodes' network, and the pods: from the
 * container to each node a VXLAN tunnel of its own, so that packets with the machine's chosen address never travel bare
 * over the bridge, where Docker would rewrite their source (its masquerade rule of 172.17.0.0/16).
 */

/** The container of an outside host. */
export interface TunnelHost {
  /** The addresses that the scenario gives it, at most one of each family. */
  readonly addresses: readonly string[];
  /** Its container's own IPv4 address on the nodes' network. */
  readonly underlay: string;
}

export interface TunnelNode {
  /** The IPv4 address of the node's container, on the same network. */
  readonly underlay: string;
  /** The node's own addresses: by some it and the ports on it are reached, and any may be the source of what leaves it. */
  readonly addresses: readonly string[];
  /** The addresses of the pods on it that the host may reach. */
  readonly pods: readonly string[];
}

/** Calico has 4789. */
const VXLAN_PORT = 4790;
/** A routing table of the container's own; the main one keeps the tunnels' outside. */
const TABLE = 100;

/** The name of the device on each node. Containers that run have addresses of their own, so these are too. */
export const nodeDevice = (underlay: string): string => `prh${hexOf(underlay)}`;

/** A VXLAN network's number, 24 bits: the same on both ends, and different for all hosts of one node and nodes of one host. */
const networkId = (underlay: string, nodeIndex: number): number =>
  (nodeIndex + 1) * 65536 + Number.parseInt(hexOf(underlay), 16);

/** The last two bytes of an IPv4 address, which tell addresses of one Docker network apart. */
const hexOf = (address: string): string =>
  address
    .split('.')
    .slice(2)
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('');

/**
 * The hardware address of one end of a tunnel: a locally administered one. Both ends know the other's, for a node does not
 * answer ARP from an address that it reaches by another device.
 */
const hardwareAddress = (end: 'host' | 'node', underlay: string, nodeIndex: number): string => {
  const digits = networkId(underlay, nodeIndex).toString(16).padStart(6, '0');
  const bytes = digits.match(/../g) ?? [];
  return ['02', '70', end === 'host' ? '01' : '02', ...bytes].join(':');
};

/** What `ip -batch` has to do, and after it `ip -6 -batch`, for rules without an address say their family no other way. */
export interface Commands {
  readonly first: string;
  /** Empty for a host without an IPv6 address. */
  readonly v6: string;
}

/**
 * What has to be done in the host's network namespace. All but the tunnels themselves goes by a table of its own, so that
 * answers to the nodes, too, which pods are behind after SNAT, go through the tunnel with the chosen address.
 */
export const hostCommands = ({ addresses, underlay }: TunnelHost, nodes: readonly TunnelNode[]): Commands => {
  const links = nodes.flatMap((node, index) => [
    `link add tunnel${index} address ${hardwareAddress('host', underlay, index)} type vxlan id ${networkId(underlay, index)} dev eth0 local ${underlay} remote ${node.underlay} dstport ${VXLAN_PORT}`,
    `link set tunnel${index} up`,
  ]);
  const ways = (address: string): readonly string[] => [
    `rule add pref 101 lookup ${TABLE}`,
    // Until it is known for no duplicate, an IPv6 address is no source.
    `address add ${single(address)} dev lo${isV6(address) ? ' nodad' : ''}`,
    ...nodes.flatMap((node, index) => toNode(address, node, index, underlay)),
  ];
  return inFamilies(addresses, [`rule add pref 100 ipproto udp dport ${VXLAN_PORT} lookup main`, ...links], ways);
};

const inFamilies = (
  addresses: readonly string[],
  before: readonly string[],
  commandsFor: (address: string) => readonly string[],
): Commands => ({
  first: lines(...before, ...addresses.filter((address) => !isV6(address)).flatMap(commandsFor)),
  v6: lines(...addresses.filter(isV6).flatMap(commandsFor)),
});

/**
 * The ways from one of the host's addresses to a node and its pods, of the same family: each as a neighbour at the tunnel's
 * other end, for IPv6 takes no gateway that the main table knows at another device.
 */
const toNode = (address: string, { addresses, pods }: TunnelNode, index: number, underlay: string): readonly string[] =>
  [...addresses, ...pods]
    .filter((end) => isV6(end) === isV6(address))
    .flatMap((end) => [
      `neighbour add ${end} lladdr ${hardwareAddress('node', underlay, index)} dev tunnel${index} nud permanent`,
      `route add ${single(end)} dev tunnel${index} src ${address} table ${TABLE}`,
    ]);

/** Before the main table, which has 32766. */
const RULE_PREFERENCE = 1000;

const FIRST_TABLE = 100_000;

/** The number of the routing table on the nodes. */
export const nodeTable = (underlay: string): number => FIRST_TABLE + Number.parseInt(hexOf(underlay), 16);

/**
 * The hosts that devices and rules on a node lead to, by the last two bytes of their containers' addresses: `0.5`. Reads what
 * `ip link show` and `ip rule show` print.
 */
export const tunnelsIn = (shown: string): readonly string[] => {
  const devices = [...shown.matchAll(/\bprh([0-9a-f]{4})\b/g)].map(([, hex]) => Number.parseInt(hex ?? '', 16));
  const rules = [...shown.matchAll(/^1000:.* lookup (1\d{5})\b/gm)].map(([, table]) => Number(table) - FIRST_TABLE);
  return [...new Set([...devices, ...rules])].map((number) => `${number >> 8}.${number & 255}`);
};

/**
 * What has to be done on one of the nodes. By rules for single pods, so that several hosts may have one address: scenarios
 * that run side by side don't meet. For pods of other nodes too, whose answers come this way where the host came in by
 * this node's port.
 */
export const nodeCommands = (
  { addresses, underlay }: TunnelHost,
  nodes: readonly TunnelNode[],
  nodeIndex: number,
): Commands => {
  const device = nodeDevice(underlay);
  const table = nodeTable(underlay);
  const link = [
    `link add ${device} address ${hardwareAddress('node', underlay, nodeIndex)} type vxlan id ${networkId(underlay, nodeIndex)} dev eth0 local ${nodes[nodeIndex]?.underlay} remote ${underlay} dstport ${VXLAN_PORT}`,
    `link set ${device} up`,
  ];
  const ways = (address: string): readonly string[] => [
    `neighbour add ${address} lladdr ${hardwareAddress('host', underlay, nodeIndex)} dev ${device} nud permanent`,
    `route add ${single(address)} dev ${device} table ${table}`,
    ...nodes
      .flatMap(({ pods }) => pods)
      .filter((pod) => isV6(pod) === isV6(address))
      .map((pod) => `rule add pref ${RULE_PREFERENCE} from ${pod} to ${address} lookup ${table}`),
  ];
  return inFamilies(addresses, link, ways);
};

const isV6 = (address: string): boolean => address.includes(':');

/** The range of this address alone. */
const single = (address: string): string => `${address}/${isV6(address) ? 128 : 32}`;

const lines = (...commands: readonly string[]): string => commands.map((command) => `${command}\n`).join('');
