import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import {
  describeOwnership,
  endGroup,
  foundClusters,
  isOurs,
  isOursAndDead,
  type Owner,
  type Ownership,
  processOwner,
  thisOwner,
  thisOwnership,
  withOwnership,
} from '../host/index.ts';
import { connect } from '../kube/index.ts';
import type { Progress } from '../progress.ts';
import { alongside } from './alongside.ts';
import { installCalico } from './cni/calico.ts';
import type { ClusterImages } from './images/index.ts';
import { familyOf } from './ip-family.ts';
import { createKindCluster, deleteKindCluster, kindProgram, nodesOf } from './kind.ts';
import { find, kubeconfigOf, record, strike } from './ledger.ts';
import { clusterReady } from './ready.ts';
import { giveAccess } from './registry-access.ts';

export interface Creation {
  readonly kept: boolean;
  /** The process that it goes with; by default this one. */
  readonly owner?: Owner | undefined;
  /** The text of kind's configuration. */
  readonly config: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings up a new cluster; if anything goes wrong, nothing of it is left. Throws a PodreachError if a cluster of that
 * name exists and may not be removed.
 */
export const createCluster = async (name: string, images: ClusterImages, creation: Creation): Promise<void> => {
  const { kept, progress, signal, config, owner = await thisOwner() } = creation;
  const mark = { kept, owner };
  const kubeconfig = kubeconfigOf(name);
  const kind = await kindProgram(progress);
  await clearName(name, progress);
  await record(name, { ...mark, complete: false });
  try {
    const owned = withOwnership(config, { ...(await thisOwnership()), owner });
    const beforeStart = async (pid: number) =>
      record(name, { ...mark, complete: false, creator: await processOwner(pid) });
    const install = () => installCalico(name, images.calicoManifest, familyOf(config), signal);
    await progress.during(`creating the cluster ${name}`, () => {
      const nodes = { name, kubeconfig, config: owned, nodeImage: images.node, beforeStart, signal };
      const creation = createKindCluster(kind, nodes);
      // Nodes that pull Calico from a registry need access to it first.
      return images.registry ? creation : alongside(creation, install);
    });
    await progress.during('installing Calico and waiting for the cluster to be ready', async () => {
      if (images.registry) {
        await giveAccess(await nodesOf(name), images.registry, signal);
        await install();
      }
      const client = connect(kubeconfig);
      try {
        await clusterReady(client, signal);
      } finally {
        client.close();
      }
    });
    await record(name, { ...mark, complete: true });
  } catch (error) {
    // The first failure is the one to report; the ledger remembers the rest for the next run.
    await removeCluster(name, progress).catch((left: unknown) => {
      if (left instanceof PodreachError) progress.note(`${left.message}; the next run tries again`, 'important');
    });
    throw error;
  }
};

/**
 * Makes room for a cluster, if one of its name exists that certainly belongs to a dead process of this cache folder.
 */
const clearName = async (name: string, progress: Progress): Promise<void> => {
  const found = (await foundClusters()).find((cluster) => cluster.name === name);
  if (!found) return;
  if (!(await isOursAndDead(found.ownership))) throw notOurs(name, found.ownership);
  await removeCluster(name, progress);
};

const notOurs = (name: string, ownership: Ownership | undefined): PodreachError =>
  new PodreachError(
    `a cluster ${name} already exists, and this podreach must not remove it: ${ownership ? `it belongs to ${describeOwnership(ownership)}` : 'its nodes do not record an owner'}`,
    { hint: `if nobody needs it: kind delete cluster --name ${name}` },
  );

/** How long the Engine may take to finish a container requested by a program that is gone. */
const LATE_NODE_MS = 1_000;

/**
 * Removes a cluster that is on the ledger, or whose nodes say that it is ours, and removes its entry once it has no
 * nodes left. Ends the kind process that still creates it, if there is one. Throws a PodreachError if the nodes are
 * another's.
 */
export const removeCluster = async (name: string, progress: Progress): Promise<void> => {
  const found = (await foundClusters()).find((cluster) => cluster.name === name);
  if (found?.ownership && !(await isOurs(found.ownership))) {
    await strike(name);
    throw notOurs(name, found.ownership);
  }
  const kind = await kindProgram(progress);
  const creator = (await find(name))?.creator;
  await progress.during(`removing the cluster ${name}`, async () => {
    const ended = creator !== undefined && (await endGroup(creator));
    await deleteKindCluster(kind, { name, kubeconfig: kubeconfigOf(name) });
    // An interrupted creation may still have started one more node.
    if (ended) await sleep(LATE_NODE_MS);
    if ((await nodesOf(name)).length > 0) await deleteKindCluster(kind, { name, kubeconfig: kubeconfigOf(name) });
  });
  const left = await nodesOf(name);
  if (left.length > 0) throw new PodreachError(`the cluster ${name} still has the nodes ${left.join(', ')}`);
  await strike(name);
};

/** Whether a kept cluster exists, complete and answering. */
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
