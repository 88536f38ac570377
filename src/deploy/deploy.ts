import { PodreachError } from '../errors.ts';
import { type Client, pathOf } from '../kube/index.ts';
import { type Family, familiesNamed, type ReadPolicy, type Topology, topologyKey } from '../scenario/index.ts';
import { bringUp, type Running } from './bring-up.ts';
import { suffixOf } from './cluster-name.ts';
import { type Copies, createCopies } from './copies.ts';
import { CONTAINER, type Endpoint, isHost, isService, type ServiceEndpoint, type Source } from './endpoint.ts';
import { commonFamilies, requireFamilies } from './families.ts';
import type { Hosts } from './hosts/hosts.ts';
import { requireLabels } from './label-changes.ts';
import { lostPods } from './lost-pods.ts';
import { untilGone } from './namespaces.ts';
import { schedulableNodes } from './nodes.ts';
import { type PolicySet, policySet } from './policies/set.ts';
import { createProof, type ProveOpen } from './proof.ts';
import { type Unready, unreadyPods } from './readiness.ts';
import { withServices } from './services/service-endpoints.ts';
import { wantedFor } from './wanted.ts';

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

/**
 * A topology in the cluster, which may change; what is read from it is as of now. Only the deployment knows the cluster's
 * names for the scenario's namespaces.
 */
export interface Deployment extends PolicySet {
  readonly topology: Topology;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The IP families that the cluster has for its pods. */
  readonly families: readonly Family[];
  /**
   * Turns it into another topology: creates, relabels and removes pods and namespaces, and leaves all others running.
   * Policies stay as they are, except in namespaces that go. Throws a PodreachError as `deploy` does; the pods are then
   * not to be used any more.
   * @param onAccepted Called whenever the API server has accepted other labels of something.
   */
  change(topology: Topology, onAccepted?: () => void): Promise<void>;
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
   * Proves that endpoints are reached without policies. Once is enough for each: a server that dies is noticed, and each
   * settling proves the nodes.
   */
  readonly proveOpen: ProveOpen;
  /** More pods like those of the topology. */
  readonly copies: Copies;
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

const DEADLINE_MS = 120_000;

/**
 * Brings a topology up under renamed namespaces and waits until every pod is ready. Throws a PodreachError that says
 * which pod is not ready, and why; the run's label then finds what was created.
 */
export const deploy = async (client: Client, topology: Topology, options: DeployOptions): Promise<Deployment> => {
  const { runId, signal, salt = '' } = options;
  const suffix = suffixOf(runId, JSON.stringify(topology), salt);
  const nodes = await schedulableNodes(client, signal);
  const proof = createProof();
  /** The cluster's names of all namespaces, including those of a change that failed half-way. */
  const created = new Set<string>();
  /** The scenario's names with the cluster's, and the cluster's of those that only podreach has. */
  const namespaces = new Map<string, string>();
  const others = new Set<string>();

  const moveTo = async (next: Topology, before: Running | null, onAccepted?: () => void): Promise<Running> => {
    // Checked before there are pods: one pinned to an address of another family would never start.
    requireFamilies(commonFamilies(nodes), familiesNamed(next, []));
    const wanted = wantedFor(next, nodes, suffix, before?.wanted);
    for (const { name } of wanted.namespaces) created.add(name);
    const settings = { deadlineMs: DEADLINE_MS, ...options, nodes, suffix, onAccepted };
    const running = await bringUp(client, next, wanted, before, settings);
    proof.doubt(running.fresh);
    for (const known of [created, namespaces, others]) known.clear();
    for (const { own, name } of wanted.namespaces) {
      created.add(name);
      if (own === null) others.add(name);
      else namespaces.set(own, name);
    }
    return running;
  };
  let now = await moveTo(topology, null);
  const namespaceOf = (name: string): string => nameIn(namespaces, name);
  return {
    get topology() {
      return now.topology;
    },
    get endpoints() {
      return now.endpoints;
    },
    get families() {
      return commonFamilies(now.pods);
    },
    get namespaces() {
      return [...created];
    },
    namespaceOf,
    copies: createCopies(client, { ...options, nodes, namespaceOf }),
    change: async (next, onAccepted) => {
      if (topologyKey(next) !== topologyKey(now.topology)) now = await moveTo(next, now, onAccepted);
    },
    lost: async () => {
      const losses = await Promise.all([lostPods(client, now.pods, uidsOf(now), signal), now.hosts.lost()]);
      return withServices(new Map(losses.flatMap((loss) => [...loss])), servicesIn(now));
    },
    unready: (forMs) => unreadyPods(client, now.pods, now.controls, forMs, signal),
    source: (endpoint) => sourceOf(client, now.hosts, endpoint, now.endpoints.get(endpoint)),
    ...policySet(client, namespaces, { signal, others }),
    requireLabels: (policies) =>
      requireLabels(
        client,
        { topology: now.topology, namespaceOf },
        policies.map(({ spec }) => spec),
        signal,
      ),
    proveOpen: proof.proveOpen,
    removeHosts: () => now.hosts.dispose(),
    dispose: async ({ waitMs } = {}) => {
      const names = [...created];
      const deletions = names.map((name) => client.delete(pathOf('Namespace', { name })));
      await Promise.all([...deletions, now.hosts.dispose()]);
      if (waitMs !== undefined) await untilGone(client, names, waitMs, signal);
    },
  };
};

const uidsOf = ({ objects }: Running): ReadonlyMap<string, string | undefined> =>
  new Map([...objects].map(([key, { metadata }]) => [key, metadata.uid]));

const servicesIn = ({ endpoints }: Running): readonly ServiceEndpoint[] => [...endpoints.values()].filter(isService);

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
  return {
    endpoint,
    exec: (argv, options) => client.exec(target, argv, { ...options, leavesShell: options.stdin === undefined }),
  };
};
