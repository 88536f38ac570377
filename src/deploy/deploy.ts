import pLimit from 'p-limit';
import { PodreachError } from '../errors.ts';
import { addressesIn, type Client, type Manifest, pathOf, readyPods } from '../kube/index.ts';
import {
  addressKey,
  backendNamespace,
  type Family,
  familiesNamed,
  podsOf,
  type ReadPolicy,
  type Topology,
} from '../scenario/index.ts';
import { renamed, suffixOf } from './cluster-name.ts';
import { CONTAINER, type Endpoint, isHost, isService, type PodEndpoint, type Source } from './endpoint.ts';
import { commonFamilies, requireFamilies } from './families.ts';
import { type Hosts, startHosts } from './hosts/hosts.ts';
import { requireLabels } from './label-changes.ts';
import { lostPods } from './lost-pods.ts';
import { createNamespace, namespaceManifest, serviceAccountManifest, untilGone } from './namespaces.ts';
import { schedulableNodes } from './nodes.ts';
import { controlPodsOf, NODE_NAMESPACE, nodePodsOf, placementOf } from './placement.ts';
import { podManifest } from './pod-manifest.ts';
import { type PolicySet, policySet } from './policies/set.ts';
import { type ProveOnce, provenOnce } from './proof.ts';
import { type Unready, unreadyPods } from './readiness.ts';
import { outsideAddresses } from './services/outside-addresses.ts';
import { endpointsOfServices, withServices } from './services/service-endpoints.ts';
import { applyService } from './services/services.ts';

export interface DeployOptions {
  /** The probe image, by a name that every node has or can pull. */
  readonly image: string;
  /** Identifies the run: a valid label value. */
  readonly runId: string;
  /** The owner of the namespaces, as `ownerText` writes it. */
  readonly owner: string;
  /** Distinguishes deployments of equal topologies in one run. */
  readonly salt?: string;
  /** How long the pods may take to become ready; default 120 s. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A topology in the cluster. Only the deployment knows the cluster's names for the scenario's namespaces. */
export interface Deployment extends PolicySet {
  readonly topology: Topology;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The IP families that the cluster has for its pods. */
  readonly families: readonly Family[];
  /** `prod` → `prod-x7k2a`. Throws on a name that the scenario lacks. */
  namespaceOf(name: string): string;
  /** Throws on an endpoint that the scenario lacks. */
  source(endpoint: string): Source;
  /** The endpoints whose pod is no longer ready, or no longer the one deployed, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
  /**
   * The endpoints with a readiness probe that were not ready the whole time, with the reason; resolves when the time is
   * over.
   */
  unready(forMs: number): Promise<ReadonlyMap<string, Unready>>;
  /**
   * Throws a PodreachError if a pod or a namespace has other labels than the scenario gives it, as far as these
   * policies ask for them.
   */
  requireLabels(policies: readonly ReadPolicy[]): Promise<void>;
  /**
   * Proves that the pods reach each other without policies. Once is enough: a server that dies is noticed, and each
   * settling proves the nodes.
   */
  readonly proveOpen: ProveOnce;
  /** The cluster's names of all namespaces. */
  readonly namespaces: readonly string[];
  /** Removes the parts outside the cluster, which would outlive it. */
  removeHosts(): Promise<void>;
  /**
   * Deletes the namespaces and removes the hosts. Resolves once the deletion is accepted or, with `waitMs`, once the
   * namespaces are gone and their pods' addresses are free.
   */
  dispose(options?: { readonly waitMs?: number }): Promise<void>;
}

const MAX_IN_FLIGHT = 10;
const DEADLINE_MS = 120_000;

/**
 * Brings a topology up under renamed namespaces and waits until every pod is ready. Throws a PodreachError that says
 * which pod is not ready, and why; the run's label then finds what was created.
 */
export const deploy = async (client: Client, topology: Topology, options: DeployOptions): Promise<Deployment> => {
  const { runId, owner, image, signal, deadlineMs = DEADLINE_MS, salt = '' } = options;
  const suffix = suffixOf(runId, JSON.stringify(topology), salt);
  const namespaces = new Map(topology.namespaces.map(({ name }) => [name, renamed(name, suffix)]));
  const nodes = await schedulableNodes(client, signal);
  // Checked before there are pods: one pinned to an address of another family would never start.
  requireFamilies(commonFamilies(nodes), familiesNamed(topology, []));
  const placed = placementOf(topology, nodes).map(({ pod, ...place }) => ({
    pod,
    namespace: nameIn(namespaces, pod.namespace),
    ...place,
  }));
  const needsWatchers = topology.nodes.length > 0 || podsOf(topology).some(({ readiness }) => readiness !== undefined);
  const watchers = needsWatchers ? renamed(NODE_NAMESPACE, suffix) : null;
  const nodePods = watchers === null ? [] : nodePodsOf(topology, placed, nodes, watchers);
  const controlPods = watchers === null ? [] : controlPodsOf(topology, nodes, watchers);
  const all = [...placed, ...nodePods, ...controlPods];
  const created = [...namespaces.values(), ...(watchers === null ? [] : [watchers])];

  const limit = pLimit(MAX_IN_FLIGHT);
  const applyAll = (manifests: readonly Manifest[]): Promise<unknown> =>
    Promise.all(manifests.map((manifest) => limit(() => client.apply(manifest, { signal }))));
  const wanted = [
    ...topology.namespaces.map(({ name, labels }) => ({ name: nameIn(namespaces, name), labels })),
    ...(watchers === null ? [] : [{ name: watchers, labels: {} }]),
  ];
  await Promise.all(
    wanted.map(({ name, labels }) =>
      limit(() => createNamespace(client, namespaceManifest(name, labels, { runId, owner }), signal)),
    ),
  );
  // Admission refuses pods until the namespace has this account, and its controller takes a moment. Creating it here
  // saves that time.
  await applyAll(created.map(serviceAccountManifest));
  await applyAll(all.map(({ pod, ...placement }) => podManifest(pod, { ...placement, image })));
  const taken = new Set(topology.hosts.flatMap(({ addresses }) => addresses.map(addressKey)));
  const services = await Promise.all(
    topology.services.map((service) => {
      const outside = service.external ? outsideAddresses(commonFamilies(nodes), taken) : [];
      const podsIn = nameIn(namespaces, backendNamespace(service));
      const place = { namespace: nameIn(namespaces, service.namespace), podsIn, outside };
      return limit(() => applyService(client, service, place, signal));
    }),
  );

  const ready = await Promise.all(
    created.map(async (namespace) => {
      const names = all.filter((one) => one.namespace === namespace).map(({ pod }) => pod.name);
      return [namespace, await readyPods(client, namespace, names, { deadlineMs, signal })] as const;
    }),
  ).then((entries) => new Map(entries));

  const endpointOf =
    (kind: PodEndpoint['kind']) =>
    ({ pod, namespace }: (typeof all)[number]): PodEndpoint => {
      const object = ready.get(namespace)?.get(pod.name);
      const { endpoint, name, ports } = pod;
      return {
        ...('readiness' in pod && { readiness: pod.readiness }),
        ...('hostNetwork' in pod && pod.hostNetwork && { hostNetwork: true }),
        kind,
        endpoint,
        namespace,
        pod: name,
        node: object?.spec?.nodeName ?? '',
        addresses: addressesIn(object),
        ports,
      };
    };
  const podEndpoints = [...placed.map(endpointOf('pod')), ...nodePods.map(endpointOf('node'))];
  const controls = {
    steady: controlPods.filter(({ role }) => role === 'steady').map(endpointOf('pod')),
    switched: controlPods.filter(({ role }) => role === 'switched').map(endpointOf('pod')),
  };
  const serviceEndpoints = endpointsOfServices(topology, services, podEndpoints, nodes);
  const outside = { nodes, pods: podEndpoints, image, runId, suffix, signal };
  const hosts = await startHosts(topology.hosts, outside);
  const endpoints = new Map<string, Endpoint>(
    [...podEndpoints, ...hosts.endpoints, ...serviceEndpoints].map((endpoint) => [endpoint.endpoint, endpoint]),
  );
  const uids = new Map(
    [...ready].flatMap(([namespace, byName]) =>
      [...byName].map(([name, { metadata }]) => [`${namespace}/${name}`, metadata.uid]),
    ),
  );
  return {
    topology,
    endpoints,
    families: commonFamilies(podEndpoints),
    namespaces: created,
    namespaceOf: (name) => nameIn(namespaces, name),
    lost: async () => {
      const losses = await Promise.all([lostPods(client, podEndpoints, uids, signal), hosts.lost()]);
      return withServices(new Map(losses.flatMap((loss) => [...loss])), serviceEndpoints);
    },
    unready: (forMs) => unreadyPods(client, podEndpoints, controls, forMs, signal),
    source: (endpoint) => sourceOf(client, hosts, endpoint, endpoints.get(endpoint)),
    ...policySet(client, namespaces, { signal, others: watchers === null ? [] : [watchers] }),
    requireLabels: (policies) =>
      requireLabels(
        client,
        { topology, namespaceOf: (name) => nameIn(namespaces, name) },
        policies.map(({ spec }) => spec),
        signal,
      ),
    proveOpen: provenOnce(),
    removeHosts: hosts.dispose,
    dispose: async ({ waitMs } = {}) => {
      const deletions = created.map((name) => client.delete(pathOf('Namespace', { name })));
      await Promise.all([...deletions, hosts.dispose()]);
      if (waitMs !== undefined) await untilGone(client, created, waitMs, signal);
    },
  };
};

const nameIn = (namespaces: ReadonlyMap<string, string>, name: string): string => {
  const found = namespaces.get(name);
  if (found === undefined) throw new PodreachError(`the scenario has no namespace ${name}`);
  return found;
};

const sourceOf = (client: Client, hosts: Hosts, endpoint: string, at: Endpoint | undefined): Source => {
  if (!at) throw new PodreachError(`the scenario has no endpoint ${endpoint}`);
  if (isHost(at)) return hosts.source(at);
  if (isService(at)) throw new PodreachError(`no probe starts from ${endpoint}`);
  const target = { namespace: at.namespace, pod: at.pod, container: CONTAINER };
  return { endpoint, exec: (argv, options) => client.exec(target, argv, options) };
};
