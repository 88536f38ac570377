import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { PodreachError } from '../errors.ts';
import { contentKey, exclusively, type Owner, requireEngine, thisHome } from '../host/index.ts';
import type { Progress } from '../progress.ts';
import { type ConfigChoice, readConfig } from './config.ts';
import { type ClusterImages, ensureImages, type ImageFlags } from './images/index.ts';
import { exportKindLogs, kindProgram } from './kind.ts';
import { entries, find, kubeconfigOf, use, usersOf } from './ledger.ts';
import { removeAbandoned } from './leftovers.ts';
import { createCluster, isUp, removeCluster } from './life.ts';

export interface Cluster {
  readonly name: string;
  readonly kubeconfig: string;
  /** Undefined for the kubeconfig's current context. */
  readonly context?: string;
  /** The image that probe pods run. */
  readonly probeImage: string;
}

export interface ClusterOptions extends ConfigChoice, ImageFlags {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A cluster for one run. */
export interface Lease {
  readonly cluster: Cluster;
  /** It outlives the run, so the run must leave it as it was. */
  readonly stays: boolean;
  /** Removes it unless it stays. */
  release(): Promise<void>;
  /** Writes the logs of its nodes into a folder; absent if it is not podreach's own. */
  exportLogs?(folder: string, signal: AbortSignal): Promise<void>;
}

const noRelease = async () => {};

/** A cluster of the user's own, by a context of the kubeconfig. Its nodes are expected to pull the probe image. */
export const givenCluster = (context: string, kubeconfig: string, probeImage: string): Lease => ({
  cluster: { name: context, context, kubeconfig, probeImage },
  stays: true,
  release: noRelease,
});

/** The inputs of a cluster. */
interface Parts {
  /** The text of kind's configuration. */
  readonly config: string;
  readonly images: ClusterImages;
}

/** Everything that determines a cluster; with the same key an existing one can be used. */
const clusterKey = async ({ config, images }: Parts): Promise<string> =>
  contentKey(config, images.node, await readFile(images.calicoManifest), images.probe);

/** Adds the name of the kept cluster, from its inputs and its owner, because no other user or cache may share it. */
const prepare = async (options: ClusterOptions): Promise<Parts & { readonly shared: string }> => {
  const config = await readConfig(options);
  await requireEngine();
  await removeAbandoned(options.progress);
  const images = await ensureImages(options, options.progress, options.signal);
  const key = await clusterKey({ config, images });
  return { config, images, shared: `podreach-${key.slice(0, 8)}-${(await thisHome()).slice(0, 6)}` };
};

const at = (name: string, images: ClusterImages): Cluster => ({
  name,
  kubeconfig: kubeconfigOf(name),
  probeImage: images.probe,
});

const onShared = <T>(shared: string, { progress, signal }: ClusterOptions, work: () => Promise<T>): Promise<T> =>
  exclusively(`the cluster ${shared}`, progress, work, signal);

/**
 * Takes a cluster of this configuration into use that several processes share; call the returned function when done. Null
 * if it is not up and should not be created. A new one is kept, or goes with its owner.
 */
const useShared = (
  shared: string,
  { config, images }: Parts,
  options: ClusterOptions & { readonly create: boolean; readonly owner?: Owner | undefined },
): Promise<(() => Promise<void>) | null> =>
  onShared(shared, options, async () => {
    if (await isUp(shared)) {
      options.progress.note(`using the cluster ${shared}, which is already up`);
      return use(shared);
    }
    if (!options.create) return null;
    const users = await usersOf(shared);
    if (users.length > 0) {
      throw new PodreachError(`the cluster ${shared} is not ready, but is used by process ${users.join(', ')}`, {
        hint: 'wait for that run to end, or stop it; then the cluster is created again',
      });
    }
    if (await find(shared)) await removeCluster(shared, options.progress);
    await createCluster(shared, images, { ...options, config, kept: options.owner === undefined });
    return use(shared);
  });

/** Makes sure that the cluster of this configuration is up, and leaves it up. */
export const clusterUp = async (options: ClusterOptions): Promise<Cluster> => {
  const { shared, ...parts } = await prepare(options);
  const done = await useShared(shared, parts, { ...options, create: true });
  await done?.();
  return at(shared, parts.images);
};

interface LeaseOptions extends ClusterOptions {
  readonly keep: boolean;
  /** Shares a new cluster with every process that names the same owner, which calls `removeClustersOf` in the end. */
  readonly owner?: Owner | undefined;
}

/**
 * A cluster for one run: the running one of the same configuration, otherwise a new one. A new one goes when the run
 * ends, unless `keep` or `owner` is set.
 */
export const leaseCluster = async ({ owner, ...options }: LeaseOptions): Promise<Lease> => {
  const { config, images, shared } = await prepare(options);
  const parts = { config, images };
  const exporting = (name: string): Pick<Lease, 'exportLogs'> => ({
    exportLogs: async (folder, signal) => exportKindLogs(await kindProgram(options.progress), name, folder, signal),
  });
  const lease = (name: string, stays: boolean, release: () => Promise<void>): Lease => ({
    ...{ cluster: at(name, images), stays, release },
    ...exporting(name),
  });
  const done = await useShared(shared, parts, { ...options, create: options.keep });
  if (done) return lease(shared, true, done);
  if (owner) {
    const owned = `${shared}-${owner.pid.toString(36)}`;
    const release = await useShared(owned, parts, { ...options, create: true, owner });
    if (release) return lease(owned, true, release);
  }
  const name = `${shared}-${randomBytes(2).toString('hex')}`;
  await createCluster(name, images, { ...options, config, kept: false });
  return lease(name, false, () => removeCluster(name, options.progress));
};

/** Removes the clusters that others created for this owner, which is about to end. */
export const removeClustersOf = async (owner: Owner, progress: Progress): Promise<void> => {
  const owned = (await entries()).filter((entry) => !entry.kept && isDeepStrictEqual(entry.owner, owner));
  for (const { name } of owned) await exclusively(`the cluster ${name}`, progress, () => removeCluster(name, progress));
};

/** Removes every kept cluster that no run uses, and what dead runs left. */
export const clusterDown = async (
  progress: Progress,
): Promise<{ readonly removed: readonly string[]; readonly inUse: readonly string[] }> => {
  await requireEngine();
  await removeAbandoned(progress);
  const removed: string[] = [];
  const inUse: string[] = [];
  for (const { name } of (await entries()).filter(({ kept }) => kept)) {
    await exclusively(`the cluster ${name}`, progress, async () => {
      if ((await usersOf(name)).length > 0) return void inUse.push(name);
      await removeCluster(name, progress);
      removed.push(name);
    });
  }
  return { removed, inUse };
};
