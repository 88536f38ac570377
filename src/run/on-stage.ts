import { randomBytes } from 'node:crypto';
import { readClusterDns } from '../attach/index.ts';
import type { Cluster, Lease } from '../cluster/index.ts';
import { createDeployments, removeDeadHosts, removeDeadRuns } from '../deploy/index.ts';
import { asPodreachError, PodreachError } from '../errors.ts';
import { createEvidence, type Subject } from '../evidence/index.ts';
import { ownerText, thisOwner } from '../host/index.ts';
import { type Client, connect, kubeconfigFiles } from '../kube/index.ts';
import { createWindow } from '../probe/index.ts';
import { createCanary } from '../settle/index.ts';
import { requireCluster } from './group.ts';
import { requireRightsToCleanUp } from './rights.ts';
import type { RunOptions, Stage } from './stage.ts';

/** Something that was created could not be removed; all else went well. */
export class NotRemovedError extends PodreachError {}

/**
 * Connects to a leased cluster, proves that it enforces policies, and does some work there, which begins before the
 * proof is complete. Whatever happens, nothing of it is left behind; throws a NotRemovedError where that fails.
 */
export const onStage = async (
  lease: Lease,
  options: RunOptions,
  work: (stage: Stage) => Promise<unknown>,
): Promise<void> => {
  const client = connect(lease.cluster.kubeconfig, lease.cluster.context);
  try {
    // Before this run creates anything, so that a failure leaves nothing to clean up.
    await Promise.all([
      requireRightsToCleanUp(client, options.signal),
      removeDeadRuns(client, options.progress, options.signal),
      removeDeadHosts(options.progress),
    ]);
    await withClient(client, lease, options, work);
  } finally {
    client.close();
  }
};

const withClient = async (
  client: Client,
  { cluster, stays, exportLogs }: Lease,
  options: RunOptions,
  work: (stage: Stage) => Promise<unknown>,
): Promise<void> => {
  const broken = new AbortController();
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const naming = {
    image: cluster.probeImage,
    runId: randomBytes(5).toString('hex'),
    owner: ownerText(await thisOwner()),
    signal,
  };
  const deployments = createDeployments(client, naming);
  const works: Promise<unknown>[] = [];
  const { evidence: folder, progress } = options;
  const { runId } = naming;
  const evidence = folder && createEvidence({ client, folder, runId, exportLogs, progress, signal: options.signal });
  let isBroken = false;
  try {
    // The first pods come up during the proof; nothing is judged before it is complete.
    const canary = options.progress.during('proving that the cluster enforces policies', () =>
      createCanary(client, { ...naming, settleMs: options.settleTimeoutMs }),
    );
    const dns = readClusterDns(client, signal);
    const stage = {
      client,
      dns,
      deployments,
      canary,
      repeat: repeatOptions(cluster),
      window: createWindow(options),
      ...options,
      evidence: evidence || undefined,
      signal,
      abort: () => broken.abort(),
    };
    works.push(dns, canary, work(stage));
    await Promise.all(works);
  } catch (error) {
    isBroken = true;
    // A cluster that is gone breaks many things at once; only the cause is worth reporting.
    await requireCluster({ client, signal: options.signal }, error);
    if (evidence) await evidence.collect(brokenRun(error));
    throw error;
  } finally {
    broken.abort();
    await Promise.allSettled(works);
    if (evidence) await evidence.finish();
    // A cluster that is about to be removed takes its pods with it.
    const cleanUp = stays ? deployments.disposeAll : deployments.removeHosts;
    await cleanUp().catch((error: unknown) => {
      const left = notRemoved(error, cluster);
      // What broke the run is the cause of more.
      if (!isBroken) throw left;
      progress.note(`${left.message}; ${left.hint}`, 'important');
    });
  }
};

const notRemoved = (error: unknown, { context }: Cluster): NotRemovedError => {
  const reason = error instanceof PodreachError ? `: ${error.message}` : '';
  const there = context === undefined ? '' : ` --context ${context}`;
  return new NotRemovedError(`this run could not remove everything that it created${reason}`, {
    hint: `the next run there tries again, and so does podreach cluster gc${there}`,
    cause: error,
  });
};

const brokenRun = (error: unknown): Subject => ({
  ...{ scenario: 'the run', step: 'the run', status: 'error', cells: [] },
  problem: asPodreachError(error).message,
});

const repeatOptions = ({ kubeconfig, context }: Cluster) => ({ kubeconfig: kubeconfigFiles(kubeconfig), context });
