/**
 * The way between a machine outside the cluster, which is a container on the nodes' network, and the pods: from the
 * container to each node a VXLAN tunnel of its own, so that packets with the machine's chosen address never travel bare
 * over the bridge, where Docker would rewrite their source (its masquerade rule of 172.17.0.0/16).
 */

/** The container of an outside host. */
export interface TunnelHost {
  /** The address that the scenario gives it. */
  readonly address: string;
  /** Its container's own address on the nodes' network. */
  readonly underlay: string;
}

export interface TunnelNode {
  /** The node's address, on the same network. */
  readonly address: string;
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

/**
 * What `ip -batch` has to do in the host's network namespace. All but the tunnels themselves goes by a table of its own,
 * so that answers to the nodes, too, which pods are behind after SNAT, go through the tunnel with the chosen address.
 */
export const hostCommands = ({ address, underlay }: TunnelHost, nodes: readonly TunnelNode[]): string =>
  lines(
    `rule add pref 100 ipproto udp dport ${VXLAN_PORT} lookup main`,
    `rule add pref 101 lookup ${TABLE}`,
    `address add ${address}/32 dev lo`,
    ...nodes.flatMap((node, index) => [
      `link add tunnel${index} address ${hardwareAddress('host', underlay, index)} type vxlan id ${networkId(underlay, index)} dev eth0 local ${underlay} remote ${node.address} dstport ${VXLAN_PORT}`,
      `link set tunnel${index} up`,
      `neighbour add ${node.address} lladdr ${hardwareAddress('node', underlay, index)} dev tunnel${index} nud permanent`,
      `route add ${node.address}/32 dev tunnel${index} src ${address} table ${TABLE}`,
      ...node.pods.map(
        (pod) => `route add ${pod}/32 via ${node.address} dev tunnel${index} onlink src ${address} table ${TABLE}`,
      ),
    ]),
  );

/** Before the main table, which has 32766. */
const RULE_PREFERENCE = 1000;

/** The number of the routing table on the nodes. */
export const nodeTable = (underlay: string): number => 100_000 + Number.parseInt(hexOf(underlay), 16);

/**
 * What `ip -batch` has to do on one of the nodes. By rules for single pods, so that several hosts may have one address:
 * scenarios that run side by side don't meet.
 */
export const nodeCommands = (
  { address, underlay }: TunnelHost,
  nodes: readonly TunnelNode[],
  nodeIndex: number,
): string => {
  const device = nodeDevice(underlay);
  const table = nodeTable(underlay);
  const node = nodes[nodeIndex];
  return lines(
    `link add ${device} address ${hardwareAddress('node', underlay, nodeIndex)} type vxlan id ${networkId(underlay, nodeIndex)} dev eth0 local ${node?.address} remote ${underlay} dstport ${VXLAN_PORT}`,
    `link set ${device} up`,
    `neighbour add ${address} lladdr ${hardwareAddress('host', underlay, nodeIndex)} dev ${device} nud permanent`,
    `route add ${address}/32 dev ${device} table ${table}`,
    ...(node?.pods ?? []).map((pod) => `rule add pref ${RULE_PREFERENCE} from ${pod} to ${address} lookup ${table}`),
  );
};

const lines = (...commands: readonly string[]): string => commands.map((command) => `${command}\n`).join('');
