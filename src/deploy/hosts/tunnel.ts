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
 * What `ip -batch` has to do in the host's network namespace. All but the tunnels themselves goes by a table of its own,
 * so that answers to the nodes, too, which pods are behind after SNAT, go through the tunnel with the chosen address.
 */
export const hostCommands = ({ address, underlay }: TunnelHost, nodes: readonly TunnelNode[]): string =>
  lines(
    `rule add pref 100 ipproto udp dport ${VXLAN_PORT} lookup main`,
    `rule add pref 101 lookup ${TABLE}`,
    `address add ${address}/32 dev lo`,
    ...nodes.flatMap((node, index) => [
      `link add tunnel${index} type vxlan id ${networkId(underlay, index)} dev eth0 local ${underlay} remote ${node.address} dstport ${VXLAN_PORT}`,
      `link set tunnel${index} up`,
      `route add ${node.address}/32 dev tunnel${index} src ${address} table ${TABLE}`,
      ...node.pods.map(
        (pod) => `route add ${pod}/32 via ${node.address} dev tunnel${index} onlink src ${address} table ${TABLE}`,
      ),
    ]),
  );

/** What `ip -batch` has to do on one of the nodes. */
export const nodeCommands = (
  { address, underlay }: TunnelHost,
  nodes: readonly TunnelNode[],
  nodeIndex: number,
): string => {
  const device = nodeDevice(underlay);
  return lines(
    `link add ${device} type vxlan id ${networkId(underlay, nodeIndex)} dev eth0 local ${nodes[nodeIndex]?.address} remote ${underlay} dstport ${VXLAN_PORT}`,
    `link set ${device} up`,
    `route add ${address}/32 dev ${device}`,
  );
};

const lines = (...commands: readonly string[]): string => commands.map((command) => `${command}\n`).join('');
