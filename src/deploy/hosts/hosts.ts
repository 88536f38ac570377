import { execa } from 'execa';
import { allOrNone } from '../../all-or-none.ts';
import { PodreachError } from '../../errors.ts';
import { ownershipLabels, thisOwnership } from '../../host/index.ts';
import type { Host } from '../../scenario/index.ts';
import { RUN_LABEL } from '../cluster-name.ts';
import type { HostEndpoint, PodEndpoint, Source } from '../endpoint.ts';
import { connect } from './connect.ts';
import { type HostContainer, startHost } from './host-container.ts';
import { ensureHostImage } from './host-image.ts';
import { HOST_LABEL, removeHosts } from './host-removal.ts';
import { hostSource } from './host-source.ts';
import { type HostNode, nodeEndsOf } from './tunnel-nodes.ts';

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
  const ends = await nodeEndsOf(hosts, nodes, pods);
  await ensureHostImage(image, nodes[0]?.name ?? '');
  const names = nodes.map(({ name }) => name);
  const labels = { ...ownershipLabels(await thisOwnership()), [RUN_LABEL]: runId, [HOST_LABEL]: names.join() };
  const started: HostContainer[] = [];
  let disposal: Promise<void> | undefined;
  // Only once: later another container may get the address, and with it the device's name.
  const dispose = (): Promise<void> => {
    disposal ??= removeHosts(started, names);
    return disposal;
  };
  try {
    const endpoints = await allOrNone(
      hosts.map(async ({ endpoint, name, addresses, ports }): Promise<HostEndpoint> => {
        const identity = `podreach-${name}-${suffix}`;
        const container = await startHost({ name, identity, ports, image, labels });
        started.push(container);
        await connect(container, addresses, ends, signal);
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
