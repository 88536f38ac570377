/**
 * The path between the pods and a machine outside the cluster, which is a container on the nodes' network. The
 * container has its own VXLAN tunnel to each node. Packets with the machine's chosen address therefore never cross the
 * bridge unencapsulated, where Docker would rewrite their source (its masquerade rule of 172.17.0.0/16).
 */

/** The container of an outside host. */
export interface TunnelHost {
  /** The addresses that the scenario gives it, at most one per family. */
  readonly addresses: readonly string[];
  /** Its container's own IPv4 address on the nodes' network. */
  readonly underlay: string;
}

export interface TunnelNode {
  /** The IPv4 address of the node's container, on the same network. */
  readonly underlay: string;
  /** The node's own addresses: some of them reach it and its ports, and any may be the source of what leaves it. */
  readonly addresses: readonly string[];
  /** The addresses of the pods on it that the host may reach. */
  readonly pods: readonly string[];
}

/** Calico uses 4789. */
const VXLAN_PORT = 4790;
/** The container's extra routing table; the main table keeps the route outside the tunnels. */
const TABLE = 100;

/** The name of the device on each node. Running containers have distinct addresses, so the names are distinct too. */
export const nodeDevice = (underlay: string): string => `prh${hexOf(underlay)}`;

/**
 * The 24-bit number of a VXLAN network: the same on both ends, and different for all hosts of one node and all nodes of
 * one host.
 */
const networkId = (underlay: string, nodeIndex: number): number =>
  (nodeIndex + 1) * 65536 + Number.parseInt(hexOf(underlay), 16);

/** The last two bytes of an IPv4 address, which distinguish addresses of one Docker network. */
const hexOf = (address: string): string =>
  address
    .split('.')
    .slice(2)
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('');

/**
 * The hardware address of one end of a tunnel, locally administered. Each end is given the other's, because a node does
 * not answer ARP from an address that it reaches through another device.
 */
const hardwareAddress = (end: 'host' | 'node', underlay: string, nodeIndex: number): string => {
  const digits = networkId(underlay, nodeIndex).toString(16).padStart(6, '0');
  const bytes = digits.match(/../g) ?? [];
  return ['02', '70', end === 'host' ? '01' : '02', ...bytes].join(':');
};

/**
 * Input for `ip -batch`, and then for `ip -6 -batch`: only that option gives the family of rules without an address.
 */
export interface Commands {
  readonly first: string;
  /** Empty for a host without an IPv6 address. */
  readonly v6: string;
}

/**
 * The commands for the host's network namespace. Everything except the tunnels themselves uses a separate table.
 * Replies to the nodes, which pods are behind after SNAT, therefore also go through the tunnel with the chosen address.
 */
export const hostCommands = ({ addresses, underlay }: TunnelHost, nodes: readonly TunnelNode[]): Commands => {
  const links = nodes.flatMap((node, index) => [
    `link add tunnel${index} address ${hardwareAddress('host', underlay, index)} type vxlan id ${networkId(underlay, index)} dev eth0 local ${underlay} remote ${node.underlay} dstport ${VXLAN_PORT}`,
    `link set tunnel${index} up`,
  ]);
  const ways = (address: string): readonly string[] => [
    `rule add pref 101 lookup ${TABLE}`,
    // An IPv6 address is no source until duplicate address detection is done.
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
 * The routes from one of the host's addresses to a node and its pods, of the same family. Each destination is a
 * neighbour at the tunnel's other end, because IPv6 accepts no gateway that the main table has on another device.
 */
const toNode = (address: string, { addresses, pods }: TunnelNode, index: number, underlay: string): readonly string[] =>
  [...addresses, ...pods]
    .filter((end) => isV6(end) === isV6(address))
    .flatMap((end) => [
      `neighbour add ${end} lladdr ${hardwareAddress('node', underlay, index)} dev tunnel${index} nud permanent`,
      `route add ${single(end)} dev tunnel${index} src ${address} table ${TABLE}`,
    ]);

/** Before the main table, which has preference 32766. */
const RULE_PREFERENCE = 1000;

const FIRST_TABLE = 100_000;

/** The number of the routing table on the nodes. */
export const nodeTable = (underlay: string): number => FIRST_TABLE + Number.parseInt(hexOf(underlay), 16);

/**
 * The hosts that devices and rules on a node lead to, by the last two bytes of their containers' addresses: `0.5`.
 * Reads the output of `ip link show` and `ip rule show`.
 */
export const tunnelsIn = (shown: string): readonly string[] => {
  const devices = [...shown.matchAll(/\bprh([0-9a-f]{4})\b/g)].map(([, hex]) => Number.parseInt(hex ?? '', 16));
  const rules = [...shown.matchAll(/^1000:.* lookup (1\d{5})\b/gm)].map(([, table]) => Number(table) - FIRST_TABLE);
  return [...new Set([...devices, ...rules])].map((number) => `${number >> 8}.${number & 255}`);
};

/**
 * The commands for one of the nodes. Rules match single pods, so that several hosts may have one address and concurrent
 * scenarios don't interfere. They also cover pods of other nodes, whose replies come this way if the host came in
 * through this node's port.
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

/** The range that contains only this address. */
const single = (address: string): string => `${address}/${isV6(address) ? 128 : 32}`;

const lines = (...commands: readonly string[]): string => commands.map((command) => `${command}\n`).join('');
