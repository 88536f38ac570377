import { execa } from 'execa';
import { PodreachError } from '../../errors.ts';
import { run } from '../../host/index.ts';
import type { Host } from '../../scenario/index.ts';
import type { PodEndpoint } from '../endpoint.ts';
import { NODE_NETWORK } from './host-container.ts';
import type { TunnelNode } from './tunnel.ts';

export interface HostNode {
  /** The node's name, which in a kind cluster is also its container's name. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A node as one end of a tunnel. */
export interface NodeEnd extends TunnelNode {
  /** Also of its container. */
  readonly name: string;
}

/** The ends of the tunnels on the nodes, in the order of the nodes. Throws a PodreachError if the nodes are not kind's. */
export const nodeEndsOf = async (
  hosts: readonly Host[],
  nodes: readonly HostNode[],
  pods: readonly PodEndpoint[],
): Promise<readonly NodeEnd[]> => {
  const underlays = await requireContainers(nodes);
  const seenAs = await Promise.all(nodes.map(({ name }) => ownV6(hosts, name)));
  return nodes.map(({ name, addresses }, index) => ({
    name,
    underlay: underlays[index] ?? '',
    addresses: [...new Set([...addresses, ...(seenAs[index] ?? [])])],
    pods: pods.flatMap((pod) => (pod.node === name ? pod.addresses.filter((one) => !addresses.includes(one)) : [])),
  }));
};

/** The IPv4 addresses of the nodes' containers on their network, in the order of the nodes. */
const requireContainers = async (nodes: readonly HostNode[]): Promise<readonly string[]> => {
  const names = nodes.map(({ name }) => name);
  const address = `{{with index .NetworkSettings.Networks "${NODE_NETWORK}"}}{{.IPAddress}}{{end}}`;
  const format = `{{.State.Running}} {{index .Config.Labels "io.x-k8s.kind.cluster"}} ${address}`;
  const { stdout = '', failed } = await execa('docker', ['inspect', '--format', format, ...names], { reject: false });
  const lines = stdout.split('\n');
  if (!failed && lines.every((line) => /^true \S+ \S+$/.test(line)))
    return lines.map((line) => line.split(' ')[2] ?? '');
  throw new PodreachError(
    "this cluster can't have hosts outside it: its nodes are not kind containers on this machine",
    {
      hint: 'leave out --context, so that podreach creates its own cluster, or remove the hosts from the scenario',
    },
  );
};

/**
 * The IPv6 addresses of a node, if a host has one too. A tunnel has none of its own, so packets that leave through it
 * get the node's address nearest to the host's. The tunnel can't be given one, because Calico would mistake it for the
 * nodes' network.
 */
const ownV6 = async (hosts: readonly Host[], node: string): Promise<readonly string[]> => {
  if (!hosts.some(({ addresses }) => addresses.some((address) => address.includes(':')))) return [];
  // `docker exec` sometimes truncates its output, without any sign of it.
  const show = ['exec', node, 'sh', '-c', 'ip -6 -oneline address show scope global && echo end'];
  const purpose = `asking ${node} for its addresses`;
  let shown = '';
  for (let attempt = 0; attempt < 3 && !shown.endsWith('end'); attempt += 1)
    shown = await run('docker', show, { purpose, timeout: 20_000 });
  if (!shown.endsWith('end')) throw new PodreachError(`${purpose}: the answer was cut off three times`);
  return [...shown.matchAll(/ inet6 ([0-9a-f:]+)\//g)].map(([, address]) => address ?? '');
};
