import { PodreachError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { exclusively } from './cache.ts';
import { installCalico } from './calico.ts';
import { connect } from './client.ts';
import type { ClusterImages } from './images/index.ts';
import { familyOf } from './ip-family.ts';
import { createKindCluster, deleteKindCluster, kindProgram, nodesOf } from './kind.ts';
import { abandoned, find, kubeconfigOf, record, strike } from './ledger.ts';
import { clusterReady } from './ready.ts';

export interface Creation {
  readonly kept: boolean;
  /** The text of kind's configuration. */
  readonly config: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** Brings a cluster up from nothing; whatever goes wrong, nothing of it is left. */
export const createCluster = async (name: string, images: ClusterImages, creation: Creation): Promise<void> => {
  const { kept, progress, signal, config } = creation;
  const kubeconfig = kubeconfigOf(name);
  const kind = await kindProgram(progress);
  // Its name is the hash of what it is, so nodes that no ledger knows, after the cache was emptied, are its own.
  if ((await nodesOf(name)).length > 0) await removeCluster(name, progress);
  await record(name, { kept, complete: false });
  try {
    await progress.during(`creating the cluster ${name}`, () =>
      createKindCluster(kind, { name, kubeconfig, config, nodeImage: images.node, signal }),
    );
    await progress.during('installing Calico and waiting for the cluster to be ready', async () => {
      await installCalico(name, images.calicoManifest, familyOf(config), signal);
      const client = connect(kubeconfig);
      try {
        await clusterReady(client, signal);
      } finally {
        client.close();
      }
    });
    await record(name, { kept, complete: true });
  } catch (error) {
    // The first failure is the one to tell; the ledger remembers the rest for the next run.
    await removeCluster(name, progress).catch(() => {});
    throw error;
  }
};

/** Removes a cluster, and strikes it off the ledger once it has no node any more. */
export const removeCluster = async (name: string, progress: Progress): Promise<void> => {
  const kind = await kindProgram(progress);
  await progress.during(`removing the cluster ${name}`, async () => {
    await deleteKindCluster(kind, { name, kubeconfig: kubeconfigOf(name) });
    // A creation that was cut short may have had one more node under way.
    if ((await nodesOf(name)).length > 0) await deleteKindCluster(kind, { name, kubeconfig: kubeconfigOf(name) });
  });
  const left = await nodesOf(name);
  if (left.length > 0) throw new PodreachError(`the cluster ${name} still has the nodes ${left.join(', ')}`);
  await strike(name);
};

/** Removes what runs left that died before they could; what can't be removed is noted, and no reason not to go on. */
export const removeAbandoned = (progress: Progress): Promise<void> =>
  exclusively('the clean-up', progress, async () => {
    for (const { name } of await abandoned()) {
      await removeCluster(name, progress).catch((error: unknown) => {
        if (!(error instanceof PodreachError)) throw error;
        progress.note(`${error.message}; the next run tries again`);
      });
    }
  });

/** Whether a cluster that was to be kept is there, whole and answering. */
export const isUp = async (name: string): Promise<boolean> => {
  if (!(await find(name))?.complete || (await nodesOf(name, 'running')).length === 0) return false;
  const client = connect(kubeconfigOf(name));
  try {
    await clusterReady(client, AbortSignal.timeout(20_000));
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
};
