import pLimit from 'p-limit';
import { addressesIn, type Client, type PodObject } from '../kube/index.ts';
import { addressKey, backendNamespace, type Topology } from '../scenario/index.ts';
import { type ChangeOptions, changePods, newPodsReady } from './change-pods.ts';
import { renamed } from './cluster-name.ts';
import { type Difference, differenceBetween } from './difference.ts';
import type { Endpoint, PodEndpoint } from './endpoint.ts';
import { commonFamilies } from './families.ts';
import { type Hosts, startHosts } from './hosts/hosts.ts';
import type { ClusterNode } from './nodes.ts';
import type { Controls } from './readiness.ts';
import { outsideAddresses } from './services/outside-addresses.ts';
import { endpointsOfServices } from './services/service-endpoints.ts';
import { type AppliedService, applyService } from './services/services.ts';
import { keyOfPod, NOTHING_WANTED, type Wanted, type WantedPod } from './wanted.ts';

/** A topology as it is in the cluster. */
export interface Running {
  readonly topology: Topology;
  readonly wanted: Wanted;
  /** The pods as the API server has them, by `keyOfPod`. */
  readonly objects: ReadonlyMap<string, PodObject>;
  readonly services: readonly AppliedService[];
  readonly hosts: Hosts;
  /** The endpoints that are pods, and nodes. */
  readonly pods: readonly PodEndpoint[];
  readonly controls: Controls;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The names of the endpoints that were not there before. */
  readonly fresh: readonly string[];
}

export interface BringUpOptions extends ChangeOptions {
  readonly nodes: readonly ClusterNode[];
  /** Of the cluster's names for namespaces. */
  readonly suffix: string;
}

/**
 * Turns what is in the cluster into another topology; at first there is nothing.
 * @param wanted What the topology needs, beside what was there before.
 */
export const bringUp = async (
  client: Client,
  topology: Topology,
  wanted: Wanted,
  before: Running | null,
  options: BringUpOptions,
): Promise<Running> => {
  const difference = differenceBetween(before?.wanted ?? NOTHING_WANTED, wanted);
  await changePods(client, difference, options);
  const services = before?.services ?? (await applyServices(client, topology, options));
  const ready = await newPodsReady(client, difference.newPods, options);
  const objects = new Map([...(before?.objects ?? []), ...ready]);
  const endpointsOf = (...roles: readonly WantedPod['role'][]): readonly PodEndpoint[] =>
    wanted.pods.flatMap((one) => (roles.includes(one.role) ? endpointOf(one, objects.get(keyOfPod(one))) : []));
  const pods = endpointsOf('pod', 'node');
  const hosts = before && !movesPods(difference) ? before.hosts : await restartHosts(topology, before, pods, options);
  const all = [...pods, ...hosts.endpoints, ...endpointsOfServices(topology, services, pods, options.nodes)];
  const names = new Set(difference.newPods.map(({ pod }) => pod.endpoint));
  const isFresh = ({ endpoint, kind }: Endpoint): boolean =>
    names.has(endpoint) || (kind === 'host' && hosts !== before?.hosts) || (kind === 'service' && !before);
  return {
    topology,
    wanted,
    objects,
    services,
    hosts,
    pods,
    controls: { steady: endpointsOf('steady'), switched: endpointsOf('switched') },
    endpoints: new Map(all.map((endpoint) => [endpoint.endpoint, endpoint])),
    fresh: all.filter(isFresh).map(({ endpoint }) => endpoint),
  };
};

const movesPods = ({ newPods, gonePods, goneNamespaces }: Difference): boolean =>
  newPods.length + gonePods.length + goneNamespaces.length > 0;

const applyServices = (
  client: Client,
  { hosts, services }: Topology,
  { nodes, suffix, signal }: BringUpOptions,
): Promise<readonly AppliedService[]> => {
  const limit = pLimit(MAX_IN_FLIGHT);
  const taken = new Set(hosts.flatMap(({ addresses }) => addresses.map(addressKey)));
  return Promise.all(
    services.map((service) => {
      const outside = service.external ? outsideAddresses(commonFamilies(nodes), taken) : [];
      const podsIn = renamed(backendNamespace(service), suffix);
      const place = { namespace: renamed(service.namespace, suffix), podsIn, outside };
      return limit(() => applyService(client, service, place, signal));
    }),
  );
};

const MAX_IN_FLIGHT = 10;

/** The tunnels of a host lead to single pods, so other pods need other tunnels. */
const restartHosts = async (
  topology: Topology,
  before: Running | null,
  pods: readonly PodEndpoint[],
  { nodes, image, runId, suffix, signal }: BringUpOptions,
): Promise<Hosts> => {
  await before?.hosts.dispose();
  return startHosts(topology.hosts, { nodes, pods, image, runId, suffix, signal });
};

const endpointOf = ({ pod, namespace, role }: WantedPod, object: PodObject | undefined): PodEndpoint => {
  const { endpoint, name, ports, readiness, hostNetwork } = pod;
  return {
    ...(readiness !== undefined && { readiness }),
    ...(hostNetwork && { hostNetwork }),
    kind: role === 'node' ? 'node' : 'pod',
    endpoint,
    namespace,
    pod: name,
    node: object?.spec?.nodeName ?? '',
    addresses: addressesIn(object),
    ports,
  };
};
