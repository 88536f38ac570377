import pLimit from 'p-limit';
import { pathOf } from './cluster/index.ts';
import type { Deployment } from './deploy/index.ts';
import { PodreachError } from './errors.ts';
import type { ScenarioResult } from './report/index.ts';
import { brokenScenario, runScenario, type Stage } from './run-scenario.ts';
import { type Scenario, topologyKey } from './scenario/index.ts';
import { timed } from './stopwatch.ts';

/**
 * Runs the scenarios, those of an equal topology one after another on the same pods, and returns the results in the
 * scenarios' order. Throws when the cluster itself no longer answers; `results` then holds what was finished.
 */
export const runGroups = async (
  scenarios: readonly Scenario[],
  stage: Stage,
  results = new Map<Scenario, ScenarioResult>(),
): Promise<ScenarioResult[]> => {
  const groups = [...Map.groupBy(scenarios, ({ topology }) => topologyKey(topology)).values()];
  const limit = pLimit(stage.workers);
  const stopped = () => stage.bail && [...results.values()].some(({ status }) => status !== 'pass');
  const report = (scenario: Scenario, result: ScenarioResult) => {
    results.set(scenario, result);
    stage.progress.note(`${scenario.name}: ${result.status} (${results.size} of ${scenarios.length})`);
  };
  const works = groups.map((group) => limit(() => runGroup(group, stage, report, stopped)));
  await Promise.all(works).catch(async (error) => {
    stage.abort();
    await Promise.allSettled(works);
    throw error;
  });
  if (results.size < scenarios.length) stage.progress.note(`${scenarios.length - results.size} scenarios were not run`);
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
};

const runGroup = async (
  group: readonly Scenario[],
  stage: Stage,
  report: (scenario: Scenario, result: ScenarioResult) => void,
  stopped: () => boolean,
): Promise<void> => {
  const { deployments } = stage;
  let pods: Deployment | undefined;
  for (const [index, scenario] of group.entries()) {
    if (stopped()) break;
    let deployMs = 0;
    try {
      if (!pods) ({ value: pods, ms: deployMs } = await timed(() => deployments.acquire(scenario.topology)));
    } catch (error) {
      await requireCluster(stage, error);
      for (const broken of group.slice(index)) report(broken, brokenScenario(broken, error));
      return;
    }
    const result = await runScenario(scenario, pods, stage);
    if (result.status === 'error') await requireCluster(stage);
    report(scenario, { ...result, timings: { ...(deployMs > 0 && { deployMs }), ...result.timings } });
    if (result.status !== 'pass' && stage.keep) deployments.keep(pods);
    // Pods on which something broke are not to be trusted with another scenario.
    else if (result.status === 'error') await dispose(pods, stage);
    else continue;
    pods = undefined;
  }
  if (pods) await dispose(pods, stage);
};

/** A node takes 110 pods, so a group's go when it is done; what does not go now goes with the run. */
const dispose = (pods: Deployment, { progress }: Stage): Promise<void> =>
  pods.dispose().catch((error: unknown) => {
    if (!(error instanceof PodreachError)) throw error;
    progress.note(error.message);
  });

/** Throws when the run was interrupted or the API server is gone: then no further scenario can tell anything. */
export const requireCluster = async (
  { client, signal }: Pick<Stage, 'client' | 'signal'>,
  reason?: unknown,
): Promise<void> => {
  if (signal.aborted) throw reason ?? new PodreachError('the run was interrupted');
  await client.get(pathOf('Namespace', { name: 'kube-system' }), { signal }).catch((cause: unknown) => {
    const detail = cause instanceof PodreachError ? `: ${cause.message}` : '';
    throw new PodreachError(`the cluster stopped answering in the middle of the run${detail}`, {
      hint: 'is the Docker Engine still running? `podreach doctor` tells; the next run removes what this one could not',
      cause,
    });
  });
};
