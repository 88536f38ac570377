import { execa } from 'execa';
import { cancelledBy, run } from '../../cluster/command.ts';
import { isDead, parseOwner } from '../../cluster/owner.ts';
import { PodreachError } from '../../errors.ts';
import type { Host } from '../../scenario/index.ts';
import { OWNER_ANNOTATION, RUN_LABEL } from '../cluster-name.ts';
import type { HostEndpoint, PodEndpoint, Source } from '../endpoint.ts';
import { type HostContainer, NODE_NETWORK, removeContainers, startHost } from './host-container.ts';
import { ensureHostImage } from './host-image.ts';
import { hostSource } from './host-source.ts';
import {
  type Commands,
  hostCommands,
  nodeCommands,
  nodeDevice,
  nodeTable,
  type TunnelHost,
  type TunnelNode,
} from './tunnel.ts';

export interface HostNode {
  /** The node's name, which in a kind cluster is its container's as well. */
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface HostsOptions {
  readonly nodes: readonly HostNode[];
  /** The pods that hosts may reach. */
  readonly pods: readonly PodEndpoint[];
  readonly image: string;
  readonly runId: string;
  readonly owner: string;
  /** Sets the containers of one deployment apart. */
  readonly suffix: string;
  readonly signal?: AbortSignal | undefined;
}

/** The machines outside the cluster of one deployment. */
export interface Hosts {
  readonly endpoints: readonly HostEndpoint[];
  source(endpoint: HostEndpoint): Source;
  /** Those whose container no longer runs, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
  /** Takes the containers and their tunnels away. */
  dispose(): Promise<void>;
}

export const NO_HOSTS: Hosts = {
  endpoints: [],
  source: ({ endpoint }) => {
    throw new PodreachError(`there is no ${endpoint} outside the cluster`);
  },
  lost: async () => new Map(),
  dispose: async () => {},
};

/**
 * Starts the machines outside the cluster: containers on the nodes' network, each with the address that the scenario
 * gives it, and the way between them and the pods. Needs nodes that are containers of this machine's Docker Engine, as
 * kind's are. Throws a PodreachError; what was started is then gone.
 */
export const startHosts = async (hosts: readonly Host[], options: HostsOptions): Promise<Hosts> => {
  if (hosts.length === 0) return NO_HOSTS;
  const { nodes, pods, image, runId, owner, suffix, signal } = options;
  const underlays = await requireContainers(nodes);
  await ensureHostImage(image, nodes[0]?.name ?? '');
  const seenAs = await Promise.all(nodes.map(({ name }) => ownV6(hosts, name)));
  const tunnelNodes = nodes.map(
    ({ name, addresses }, index): TunnelNode => ({
      underlay: underlays[index] ?? '',
      addresses: [...new Set([...addresses, ...(seenAs[index] ?? [])])],
      pods: pods.flatMap((pod) => (pod.node === name ? pod.addresses.filter((one) => !addresses.includes(one)) : [])),
    }),
  );
  const started: HostContainer[] = [];
  let disposal: Promise<void> | undefined;
  // Once: later another container may have the address, and so the device's name.
  const dispose = (): Promise<void> => {
    disposal ??= removeHosts(
      started,
      nodes.map(({ name }) => name),
    );
    return disposal;
  };
  try {
    const endpoints = await allOrNone(
      hosts.map(async ({ name, addresses, ports }): Promise<HostEndpoint> => {
        const identity = `podreach-${name}-${suffix}`;
        const labels = {
          [RUN_LABEL]: runId,
          [OWNER_ANNOTATION]: owner,
          [HOST_LABEL]: nodes.map((node) => node.name).join(),
        };
        const container = await startHost({ name, identity, ports, image, labels });
        started.push(container);
        await connect({ addresses, underlay: container.underlay }, container, nodes, tunnelNodes, signal);
        return { endpoint: `host:${name}`, container: identity, addresses, ports };
      }),
    );
    return {
      endpoints,
      source: ({ endpoint, container }) => hostSource(endpoint, container),
      lost: () => lostHosts(endpoints),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

/**
 * The IPv6 addresses of a node, where a host has one too: what leaves by a tunnel, which has none of its own, gets that
 * which is nearest to the host's. The tunnel can't be given one: Calico would take it for the nodes' network.
 */
const ownV6 = async (hosts: readonly Host[], node: string): Promise<readonly string[]> => {
  if (!hosts.some(({ addresses }) => addresses.some((address) => address.includes(':')))) return [];
  const show = ['exec', node, 'ip', '-6', '-oneline', 'address', 'show', 'scope', 'global'];
  const shown = await run('docker', show, { purpose: `asking ${node} for its addresses`, timeout: 20_000 });
  return [...shown.matchAll(/ inet6 ([0-9a-f:]+)\//g)].map(([, address]) => address ?? '');
};

/** Awaits all, so that when one fails none is still at work. */
const allOrNone = async <Value>(works: readonly Promise<Value>[]): Promise<readonly Value[]> => {
  await Promise.allSettled(works);
  return Promise.all(works);
};

/** On a container: that it is an outside host, and to which nodes it has tunnels. */
const HOST_LABEL = 'podreach/host';

/** The IPv4 addresses of the nodes' containers on their network, in the order of the nodes. */
const requireContainers = async (nodes: readonly HostNode[]): Promise<readonly string[]> => {
  const names = nodes.map(({ name }) => name);
  const address = `{{with index .NetworkSettings.Networks "${NODE_NETWORK}"}}{{.IPAddress}}{{end}}`;
  const format = `{{.State.Running}} {{index .Config.Labels "io.x-k8s.kind.cluster"}} ${address}`;
  const { stdout = '', failed } = await execa('docker', ['inspect', '--format', format, ...names], { reject: false });
  const lines = stdout.split('\n');
  if (!failed && lines.every((line) => /^true \S+ \S+$/.test(line)))
    return lines.map((line) => line.split(' ')[2] ?? '');
  throw new PodreachError('this cluster can have no hosts outside of it: its nodes are no containers of kind here', {
    hint: 'leave out --context, so that podreach makes a cluster of its own, or take the hosts out of the scenario',
  });
};

/** Sets up the tunnels, the host's ends through the node image, which has `ip` and the right to use it there alone. */
const connect = async (
  host: TunnelHost,
  { container }: HostContainer,
  nodes: readonly HostNode[],
  tunnelNodes: readonly TunnelNode[],
  signal: AbortSignal | undefined,
): Promise<void> => {
  const options = {
    purpose: `connecting the outside host ${host.addresses.join()}`,
    timeout: 60_000,
    ...cancelledBy(signal),
  };
  const [first] = nodes;
  const image = await run('docker', ['inspect', '--format', '{{.Image}}', first?.name ?? ''], options);
  const inside = hostCommands(host, tunnelNodes);
  // Docker turns IPv6 off in its containers, and only a privileged one may turn it on.
  const right = inside.v6 === '' ? ['--cap-add', 'NET_ADMIN'] : ['--privileged'];
  const helper = ['run', '--rm', '--network', `container:${container}`, ...right, '--entrypoint', 'sh', image];
  await run('docker', [...helper, ...connectArgs(inside)], options);
  for (const [index, { name }] of nodes.entries()) {
    // A container that died without its end may have had this very address on the network, and so the device's name.
    await disconnect(name, host.underlay);
    await run('docker', ['exec', name, 'sh', ...connectArgs(nodeCommands(host, tunnelNodes, index))], options);
  }
};

/** Constant text; the commands come as arguments. Where IPv6 is on already, /proc/sys may well be read-only. */
const CONNECT = `set -e
printf %s "$1" | ip -batch -
[ -n "$2" ] || exit 0
for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
  [ "$(cat "$file")" = 0 ] || echo 0 >"$file"
done
printf %s "$2" | ip -6 -batch -`;

const connectArgs = ({ first, v6 }: Commands): readonly string[] => ['-c', CONNECT, 'sh', first, v6];

/** The routes go with the device, the rules one by one, by their table. */
const DISCONNECT =
  'ip link delete "$1"; while ip rule delete table "$2"; do :; done; while ip -6 rule delete table "$2"; do :; done';

const disconnect = (node: string, underlay: string): Promise<unknown> =>
  execa('docker', ['exec', node, 'sh', '-c', DISCONNECT, 'sh', nodeDevice(underlay), String(nodeTable(underlay))], {
    reject: false,
    timeout: 20_000,
    detached: true,
  });

const removeHosts = async (
  containers: readonly Pick<HostContainer, 'container' | 'underlay'>[],
  nodes: readonly string[],
): Promise<void> => {
  await Promise.all(containers.flatMap(({ underlay }) => nodes.map((node) => disconnect(node, underlay))));
  await removeContainers(containers.map(({ container }) => container));
};

const lostHosts = async (endpoints: readonly HostEndpoint[]): Promise<ReadonlyMap<string, string>> => {
  const losses = await Promise.all(
    endpoints.map(async ({ endpoint, container }) => {
      const options = { reject: false, timeout: 20_000 } as const;
      const { stdout } = await execa('docker', ['inspect', '--format', '{{.State.Status}}', container], options);
      return stdout === 'running' ? null : ([endpoint, `its container is ${stdout || 'gone'}`] as const);
    }),
  );
  return new Map(losses.filter((loss) => loss !== null));
};

/** Removes the outside hosts, with their tunnels, of runs whose process on this machine is gone. */
export const removeDeadHosts = async (): Promise<void> => {
  const format = `{{.Names}}\t{{.Label "${OWNER_ANNOTATION}"}}\t{{.Label "${HOST_LABEL}"}}`;
  const list = await execa('docker', ['ps', '--all', '--filter', `label=${HOST_LABEL}`, '--format', format], {
    reject: false,
    timeout: 20_000,
  });
  for (const line of list.failed ? [] : list.stdout.split('\n').filter((text) => text !== '')) {
    const [container = '', owner, nodes = ''] = line.split('\t');
    const known = parseOwner(owner);
    if (!known || !(await isDead(known))) continue;
    const address = ['inspect', '--format', '{{.NetworkSettings.Networks.kind.IPAddress}}', container];
    const { stdout: underlay } = await execa('docker', address, { reject: false, timeout: 20_000 });
    await removeHosts([{ container, underlay }], underlay ? nodes.split(',') : []);
  }
};
