import type { Deployment } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { pathOf } from '../kube/index.ts';
import { headOf, type ScenarioResult } from '../matrix/index.ts';
import { addressKey, podsOf, type Scenario, topologyKey } from '../scenario/index.ts';
import { timed } from '../stopwatch.ts';
import { runApart } from './apart.ts';
import { brokenScenario, runScenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/**
 * Runs the scenarios, those that begin with an equal topology one after another on the same pods, and returns the
 * results in the scenarios' order. Groups that pin pods to the same address are not at work at the same time. Throws
 * when the cluster itself no longer answers; `results` then holds what was finished.
 */
export const runGroups = async (
  scenarios: readonly Scenario[],
  stage: Stage,
  results = new Map<Scenario, ScenarioResult>(),
): Promise<ScenarioResult[]> => {
  const groups = [...Map.groupBy(scenarios, ({ steps: [first] }) => topologyKey(first.topology)).values()];
  const stopped = () => stage.bail && [...results.values()].some(({ status }) => status !== 'pass');
  const report = (scenario: Scenario, result: ScenarioResult) => {
    results.set(scenario, result);
    stage.events?.onScenarioEnd(result);

    stage.progress.note(`${scenario.name}: ${result.status} (${results.size} of ${scenarios.length})`);
  };
  const claims = groups.map((item) => ({ item, needs: new Set(pinnedIn(item).keys()) }));
  const isContested = (group: readonly Scenario[]) =>
    claims.some(({ item, needs }) => item !== group && !needs.isDisjointFrom(new Set(pinnedIn(group).keys())));
  const held = new Map<string, string>();
  const works: Promise<void>[] = [];
  await runApart(claims, stage.workers, (group) => {
    const work = runGroup(group, { ...stage, contested: isContested(group), held, report, stopped });
    works.push(work);
    return work;
  }).catch(async (error) => {
    stage.abort();
    await Promise.allSettled(works);
    throw error;
  });
  if (results.size < scenarios.length)
    stage.progress.note(`${scenarios.length - results.size} scenarios were not run`, 'important');
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
};

/**
 * The addresses that pods are pinned to, each by its key: a cluster has each once. Hosts outside the cluster may share
 * one, because each node tells them apart by the pod that they are for (`deploy/hosts/tunnel.ts`).
 */
const pinnedIn = (group: readonly Scenario[]): ReadonlyMap<string, string> => {
  const pods = group.flatMap(({ steps }) => steps.flatMap(({ topology }) => podsOf(topology)));
  return new Map(
    pods.flatMap(({ addresses = [] }) => addresses.map((address) => [addressKey(address), address] as const)),
  );
};

interface GroupStage extends Stage {
  /** Another group pins pods to an address of this one's. */
  readonly contested: boolean;
  /**
   * By its key, each pinned address of pods that were kept for the user to look at, with the scenario that it is of.
   */
  readonly held: Map<string, string>;
  report(scenario: Scenario, result: ScenarioResult): void;
  stopped(): boolean;
}

const runGroup = async (group: readonly Scenario[], stage: GroupStage): Promise<void> => {
  const { deployments, contested, held, report, stopped } = stage;
  const pinned = pinnedIn(group);
  let pods: Deployment | undefined;
  for (const [index, scenario] of group.entries()) {
    if (stopped()) break;
    let deployMs = 0;
    try {
      if (!pods) {
        requireFree(pinned, held);
        ({ value: pods, ms: deployMs } = await timed(() => deployments.acquire(scenario.steps[0].topology)));
      }
    } catch (error) {
      await requireCluster(stage, error);
      for (const broken of group.slice(index)) {
        const result = brokenScenario(broken, error);
        for (const step of result.steps) stage.events?.onStepEnd(step, headOf(broken));
        report(broken, result);
      }
      return;
    }
    const result = await runScenario(scenario, pods, stage);
    if (result.status === 'error') await requireCluster(stage);
    report(scenario, { ...result, timings: { ...(deployMs > 0 && { deployMs }), ...result.timings } });
    if (result.status !== 'pass' && stage.keep) {
      deployments.keep(pods);
      for (const key of pinned.keys()) held.set(key, scenario.name);
    }
    // Pods on which something broke are not to be trusted with another scenario.
    else if (result.status === 'error')
      await dispose(pods, stage, contested || (pinned.size > 0 && index < group.length - 1));
    else continue;
    pods = undefined;
  }
  if (pods) await dispose(pods, stage, contested);
};

/** Throws where pods that stay for the user to look at have an address that is wanted. */
const requireFree = (pinned: ReadonlyMap<string, string>, held: ReadonlyMap<string, string>): void => {
  for (const [key, address] of pinned) {
    const holder = held.get(key);
    if (holder === undefined) continue;
    throw new PodreachError(`a pod is to have the address ${address}, which one of ${holder} has, kept by --keep`, {
      hint: 'leave out --keep, or run this scenario by itself',
    });
  }
};

/**
 * A node takes 110 pods, so a group's go when it is done; what does not go now goes with the run.
 * @param waits Whether others want their addresses next: then the pods have to be gone first.
 */
const dispose = (pods: Deployment, { progress }: Stage, waits: boolean): Promise<void> =>
  pods.dispose(waits ? { waitMs: FREED_MS } : {}).catch((error: unknown) => {
    if (!(error instanceof PodreachError)) throw error;
    progress.note(error.message, 'important');
  });

/** How long pods may need to go, their namespaces with them. */
const FREED_MS = 30_000;

/** Throws when the run was interrupted or the API server is gone: then no further scenario can tell anything. */
export const requireCluster = async (
  { client, signal }: Pick<Stage, 'client' | 'signal'>,
  reason?: unknown,
): Promise<void> => {
  if (signal.aborted) throw reason ?? new PodreachError('the run was interrupted');
  await client.get(pathOf('Namespace', { name: 'kube-system' }), { signal }).catch((cause: unknown) => {
    const detail = cause instanceof PodreachError ? `: ${cause.message}` : '';
    throw new PodreachError(`the cluster stopped answering in the middle of the run${detail}`, {
      hint: 'is the Docker Engine still running? check with `podreach doctor`; the next run removes what this one could not',
      cause,
    });
  });
};
