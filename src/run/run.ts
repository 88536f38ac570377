import { randomBytes } from 'node:crypto';
import { readClusterDns } from '../attach/index.ts';
import type { Cluster, Lease } from '../cluster/index.ts';
import { createDeployments, removeDeadHosts, removeDeadRuns } from '../deploy/index.ts';
import { asPodreachError, PodreachError } from '../errors.ts';
import { createEvidence, type Subject } from '../evidence/index.ts';
import { ownerText, thisOwner } from '../host/index.ts';
import { type Client, connect, kubeconfigFiles } from '../kube/index.ts';
import type { RunResult, ScenarioResult } from '../matrix/index.ts';
import { createWindow } from '../probe/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { createCanary } from '../settle/index.ts';
import { elapsed, timed } from '../stopwatch.ts';
import { requireCluster, runGroups } from './group.ts';
import type { RunOptions } from './stage.ts';
import { createTally } from './tally.ts';

/**
 * Runs loaded scenarios on a live cluster and judges them; the results are in the order of the scenarios. A scenario
 * that breaks is an `error`. If everything breaks, a PodreachError is thrown; if some scenarios were judged before, it
 * is the result's `problem` instead. Whatever happens, nothing that the run created is left behind.
 */
export const runScenarios = async (
  scenarios: readonly Scenario[],
  leaseCluster: () => Promise<Lease>,
  options: RunOptions,
): Promise<RunResult> => {
  const startMs = performance.now();
  const { value: lease, ms: clusterMs } = await timed(leaseCluster);
  const results = new Map<Scenario, ScenarioResult>();
  const failures: PodreachError[] = [];
  const keepFailure = (error: unknown) => void failures.push(asPodreachError(error));
  try {
    await runOn(lease, scenarios, results, options).catch(keepFailure);
  } finally {
    await lease.release().catch(keepFailure);
  }
  const [failure] = failures;
  if (failure && results.size === 0) throw failure;
  return {
    scenarios: scenarios.flatMap((scenario) => results.get(scenario) ?? []),
    timings: { clusterMs, totalMs: elapsed(startMs) },
    ...(failure && { problem: failure.message, ...(failure.hint && { hint: failure.hint }) }),
  };
};

const runOn = async (
  lease: Lease,
  scenarios: readonly Scenario[],
  results: Map<Scenario, ScenarioResult>,
  options: RunOptions,
): Promise<void> => {
  const client = connect(lease.cluster.kubeconfig, lease.cluster.context);
  try {
    // Before this run creates anything, so that a failure leaves nothing to clean up.
    await Promise.all([removeDeadRuns(client, options.progress, options.signal), removeDeadHosts(options.progress)]);
    await runWith(client, lease, scenarios, results, options);
  } finally {
    client.close();
  }
};

const runWith = async (
  client: Client,
  { cluster, stays, exportLogs }: Lease,
  scenarios: readonly Scenario[],
  results: Map<Scenario, ScenarioResult>,
  options: RunOptions,
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
      tally: progress.doing && createTally(scenarios, progress.doing),
      signal,
      abort: () => broken.abort(),
    };
    works.push(dns, canary, runGroups(scenarios, stage, results));
    await Promise.all(works);
  } catch (error) {
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
      const reason = error instanceof PodreachError ? `: ${error.message}` : '';
      options.progress.note(
        `could not remove everything that this run created; the next run tries again${reason}`,
        'important',
      );
    });
  }
};

const brokenRun = (error: unknown): Subject => ({
  ...{ scenario: 'the run', step: 'the run', status: 'error', cells: [] },
  problem: asPodreachError(error).message,
});

const repeatOptions = ({ kubeconfig, context }: Cluster) => ({ kubeconfig: kubeconfigFiles(kubeconfig), context });
