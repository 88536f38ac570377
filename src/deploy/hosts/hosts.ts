import { execa } from 'execa';
import { PodreachError } from '../../errors.ts';
import type { FoundObject } from '../../host/index.ts';
import {
  cancelledBy,
  exclusively,
  type Leftover,
  objectLeftovers,
  ownershipLabels,
  removeLeftovers,
  run,
  thisOwnership,
} from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import type { Host } from '../../scenario/index.ts';
import { RUN_LABEL } from '../cluster-name.ts';
import type { HostEndpoint, PodEndpoint, Source } from '../endpoint.ts';
import { disconnect } from './disconnect.ts';
import { type HostContainer, NODE_NETWORK, removeContainers, startHost } from './host-container.ts';
import { ensureHostImage } from './host-image.ts';
import { hostSource } from './host-source.ts';
import { type Commands, hostCommands, nodeCommands, type TunnelHost, type TunnelNode } from './tunnel.ts';

export interface HostNode {
  /** The node's name, which in a kind cluster is also its container's name. */
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface HostsOptions {
  readonly nodes: readonly HostNode[];
  /** The pods that hosts may reach. */
  readonly pods: readonly PodEndpoint[];
  readonly image: string;
  readonly runId: string;
  /** Distinguishes the containers of one deployment. */
  readonly suffix: string;
  readonly signal?: AbortSignal | undefined;
}

/** The outside hosts of one deployment. */
export interface Hosts {
  readonly endpoints: readonly HostEndpoint[];
  source(endpoint: HostEndpoint): Source;
  /** The hosts whose container no longer runs, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
  /** Removes the containers and their tunnels. */
  dispose(): Promise<void>;
}

const NO_HOSTS: Hosts = {
  endpoints: [],
  source: ({ endpoint }) => {
    throw new PodreachError(`there is no ${endpoint} outside the cluster`);
  },
  lost: async () => new Map(),
  dispose: async () => {},
};

/**
 * Starts the outside hosts: containers on the nodes' network, each with the address that the scenario gives it, and
 * tunnels between them and the pods. Requires nodes that are containers of this machine's Docker Engine, as kind's are.
 * On failure removes what was started and throws a PodreachError.
 */
export const startHosts = async (hosts: readonly Host[], options: HostsOptions): Promise<Hosts> => {
  if (hosts.length === 0) return NO_HOSTS;
  const { nodes, pods, image, runId, suffix, signal } = options;
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
  const labels = {
    ...ownershipLabels(await thisOwnership()),
    [RUN_LABEL]: runId,
    [HOST_LABEL]: nodes.map(({ name }) => name).join(),
  };
  const started: HostContainer[] = [];
  let disposal: Promise<void> | undefined;
  // Only once: later another container may get the address, and with it the device's name.
  const dispose = (): Promise<void> => {
    disposal ??= removeHosts(
      started,
      nodes.map(({ name }) => name),
    );
    return disposal;
  };
  try {
    const endpoints = await allOrNone(
      hosts.map(async ({ endpoint, name, addresses, ports }): Promise<HostEndpoint> => {
        const identity = `podreach-${name}-${suffix}`;
        const container = await startHost({ name, identity, ports, image, labels });
        started.push(container);
        await connect({ addresses, underlay: container.underlay }, container, nodes, tunnelNodes, signal);
        return { kind: 'host', endpoint, container: identity, addresses, ports };
      }),
    );
    return {
      endpoints,
      source: ({ endpoint, container }) => hostSource(endpoint, container),
      lost: () => lostHosts(endpoints),
      dispose,
    };
  } catch (error) {
    // The first failure is the one to report; the next run finds what is left by its labels.
    await dispose().catch(() => {});
    throw error;
  }
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

/** Awaits all, so that none is still running when one has failed. */
const allOrNone = async <Value>(works: readonly Promise<Value>[]): Promise<readonly Value[]> => {
  await Promise.allSettled(works);
  return Promise.all(works);
};

/** On a container: marks it as an outside host and lists the nodes to which it has tunnels. */
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
  throw new PodreachError(
    "this cluster can't have hosts outside it: its nodes are not kind containers on this machine",
    {
      hint: 'leave out --context, so that podreach creates its own cluster, or remove the hosts from the scenario',
    },
  );
};

/** Sets up the tunnels; the host's ends through a container of the node image, which has `ip` and may use it. */
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
  // Docker turns IPv6 off in its containers, and only a privileged container may turn it on.
  const right = inside.v6 === '' ? ['--cap-add', 'NET_ADMIN'] : ['--privileged'];
  const labels = Object.entries(ownershipLabels(await thisOwnership())).flatMap(([name, value]) => [
    '--label',
    `${name}=${value}`,
  ]);
  const helper = [
    'run',
    '--rm',
    ...labels,
    '--network',
    `container:${container}`,
    ...right,
    '--entrypoint',
    'sh',
    image,
  ];
  await run('docker', [...helper, ...connectArgs(inside)], options);
  for (const [index, { name }] of nodes.entries()) {
    // A container that died without cleanup may have had this same address on the network, and so the device's name.
    await disconnect(name, host.underlay);
    await run('docker', ['exec', name, 'sh', ...connectArgs(nodeCommands(host, tunnelNodes, index))], options);
  }
};

/** Constant text; the commands come as arguments. If IPv6 is already on, /proc/sys may be read-only. */
const CONNECT = `set -e
printf %s "$1" | ip -batch -
[ -n "$2" ] || exit 0
for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
  [ "$(cat "$file")" = 0 ] || echo 0 >"$file"
done
printf %s "$2" | ip -6 -batch -`;

const connectArgs = ({ first, v6 }: Commands): readonly string[] => ['-c', CONNECT, 'sh', first, v6];

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

/** The outside hosts, with their tunnels, of dead processes with this user and cache folder. */
export const hostLeftovers = async (): Promise<readonly Leftover[]> =>
  (await objectLeftovers(isHostContainer, ['container'])).map((leftover) => ({
    ...leftover,
    remove: () => removeHost(leftover.name),
  }));

/** Whether a container is an outside host, with tunnels on the nodes. */
export const isHostContainer = ({ labels }: FoundObject): boolean => labels[HOST_LABEL] !== undefined;

const removeHost = async (container: string): Promise<void> => {
  const format = `{{index .Config.Labels "${HOST_LABEL}"}}\t{{.NetworkSettings.Networks.${NODE_NETWORK}.IPAddress}}`;
  const { stdout } = await execa('docker', ['inspect', '--format', format, container], {
    reject: false,
    timeout: 20_000,
  });
  const [nodes = '', underlay = ''] = (stdout ?? '').split('\t');
  await removeHosts([{ container, underlay }], underlay ? nodes.split(',') : []);
};

/**
 * Removes the outside hosts of dead runs; notes those that can't be removed. There are none without a Docker Engine,
 * and a cluster of the user's needs none. Only one podreach does this at a time: once a host is gone, another may get
 * its address, and with it the name of its devices.
 */
export const removeDeadHosts = (progress: Progress): Promise<void> =>
  exclusively('the cleanup', progress, async () => {
    const found = await hostLeftovers().catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      return [];
    });
    await removeLeftovers(found, progress);
  });
