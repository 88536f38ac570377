import { PodreachError } from '../errors.ts';
import { removeLeftovers } from '../host/index.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import type { Progress } from '../progress.ts';
import type { Topology } from '../scenario/index.ts';
import { listed } from '../text.ts';
import { KEPT_MS, keepAlive, stayAlive } from './alive.ts';
import { RUN_LABEL } from './cluster-name.ts';
import { namespaceLeftovers } from './dead-runs.ts';
import { type Deployment, type DeployOptions, deploy } from './deploy.ts';

export type DeploymentsOptions = Omit<DeployOptions, 'salt'>;

/** The deployments of one run. */
export interface Deployments {
  /** Brings a topology up. May be called early, so that its pods start in the background. */
  acquire(topology: Topology): Promise<Deployment>;
  /** Makes `disposeAll` leave a deployment as it is, policies included, for the user to look at. */
  keep(deployment: Deployment): void;
  /**
   * Stops what is being created and deletes every namespace and every host of the run. Resolves once the deletions are
   * accepted or, with `waitMs`, once the namespaces are gone.
   */
  disposeAll(options?: { readonly waitMs?: number }): Promise<void>;
  /** Stops what is being created and removes only the hosts: enough for a cluster that is about to go. */
  removeHosts(): Promise<void>;
}

/** `create` is a parameter for tests. */
export const createDeployments = (client: Client, options: DeploymentsOptions, create = deploy): Deployments => {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const creating = new Set<Promise<Deployment>>();
  const deployed = new Set<Deployment>();
  const kept = new Set<Deployment>();
  let created = 0;
  const stopRenewal = keepAlive(client, options.runId);

  const removeHosts = async (): Promise<void> => {
    stop.abort();
    stopRenewal();
    await Promise.allSettled(creating);
    const going = [...deployed].filter((deployment) => !kept.has(deployment));
    await Promise.all(going.map((deployment) => deployment.removeHosts()));
  };

  return {
    acquire: async (topology) => {
      if (stop.signal.aborted) throw new PodreachError('the run is over: nothing more is deployed');
      created += 1;
      const creation = create(client, topology, { ...options, signal, salt: String(created) });
      creating.add(creation);
      try {
        const deployment = await creation;
        deployed.add(deployment);
        return deployment;
      } finally {
        creating.delete(creation);
      }
    },
    keep: (deployment) => void kept.add(deployment),
    removeHosts,
    disposeAll: async ({ waitMs } = {}) => {
      await removeHosts();
      const except = new Set([...kept].flatMap(({ namespaces }) => namespaces));
      // If this fails, they only stay for a shorter time.
      if (except.size > 0) await stayAlive(client, [...except], KEPT_MS).catch(() => {});
      await deleteRun(client, options.runId, { except, ...(waitMs !== undefined && { waitMs }) });
    },
  };
};

export interface DeleteOptions {
  readonly except?: ReadonlySet<string>;
  /** How long to wait until the namespaces are gone; without it, until their deletion is accepted. */
  readonly waitMs?: number;
}

/** Deletes every namespace that carries the run's label, whoever created it. */
const deleteRun = async (client: Client, runId: string, options: DeleteOptions = {}): Promise<void> => {
  const { except = new Set(), waitMs } = options;
  const labelSelector = `${RUN_LABEL}=${runId}`;
  const toGo = (all: readonly KubeObject[]) => all.filter(({ metadata }) => !except.has(metadata.name));
  await deleteNamespaces(client, toGo(await client.list(pathOf('Namespace'), { labelSelector })));
  if (waitMs === undefined) return;
  await client.waitFor(pathOf('Namespace'), (all) => toGo(all).length === 0, {
    labelSelector,
    deadlineMs: waitMs,
    what: `the end of the run's namespaces`,
    describe: (all) =>
      `still there: ${toGo(all)
        .map(({ metadata }) => metadata.name)
        .join(', ')}`,
  });
};

/** Deletes the namespaces of runs that are over; notes those that can't be deleted. */
export const removeDeadRuns = async (client: Client, progress: Progress, signal?: AbortSignal): Promise<void> => {
  await removeLeftovers(await namespaceLeftovers(client, signal), progress);
};

/** Throws a PodreachError that names those whose deletion was not accepted. */
const deleteNamespaces = async (client: Client, namespaces: readonly KubeObject[]): Promise<void> => {
  const names = namespaces.map(({ metadata }) => metadata.name);
  const deletions = await Promise.allSettled(names.map((name) => client.delete(pathOf('Namespace', { name }))));
  const left = names.filter((_, at) => deletions[at]?.status === 'rejected');
  const failure = deletions.find(({ status }) => status === 'rejected');
  if (failure?.status !== 'rejected') return;
  if (!(failure.reason instanceof PodreachError)) throw failure.reason;
  const are = left.length === 1 ? 'is' : 'are';
  throw new PodreachError(`${listed(left)} ${are} still there: ${failure.reason.message}`, { cause: failure.reason });
};
