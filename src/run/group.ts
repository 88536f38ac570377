import { PodreachError } from '../errors.ts';
import { pathOf } from '../kube/index.ts';
import { headOf, type ScenarioResult } from '../matrix/index.ts';
import { runningKey, type Scenario, topologyKey } from '../scenario/index.ts';
import { runApart } from './apart.ts';
import { createGroupPods, type GroupPodsOptions } from './group-pods.ts';
import { beginAlike, joined } from './join.ts';
import { type Held, pinnedIn } from './pinned.ts';
import { brokenScenario, runScenario } from './scenario.ts';
import { slicesOf } from './slices.ts';
import type { Stage } from './stage.ts';
import { withLastEvidence } from './step-evidence.ts';

/**
 * Runs the scenarios and returns the results in the scenarios' order. Those that begin with the same pods, whatever their
 * labels and except for a few, run one after another on one set of pods, or on several if there are workers for them.
 * Groups that pin pods to the same address never run at the same time. Throws if the cluster itself stops answering;
 * `results` then holds what was finished.
 */
export const runGroups = async (
  scenarios: readonly Scenario[],
  stage: Stage,
  results = new Map<Scenario, ScenarioResult>(),
): Promise<ScenarioResult[]> => {
  const groups = slicesOf(groupsOf(scenarios), stage.workers);
  const stopped = () => stage.bail && [...results.values()].some(({ status }) => status !== 'pass');
  const report = (scenario: Scenario, result: ScenarioResult) => {
    results.set(scenario, result);
    stage.tally?.of(scenario).end();
    stage.events?.onScenarioEnd(result);
    stage.progress.note(`${scenario.name}: ${result.status} (${results.size} of ${scenarios.length})`);
  };
  const isReported = (scenario: Scenario) => results.has(scenario);
  const claims = groups.map((item) => ({ item, needs: new Set(pinnedIn(item).keys()) }));
  const isContested = (group: readonly Scenario[]) =>
    claims.some(({ item, needs }) => item !== group && !needs.isDisjointFrom(new Set(pinnedIn(group).keys())));
  const held: Held = new Map();
  const works: Promise<void>[] = [];
  await runApart(claims, stage.workers, (group) => {
    const work = runGroup(group, { ...stage, contested: isContested(group), held, report, isReported, stopped });
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

/** Scenarios that begin with the same pods; those that begin with the same labels follow one another. */
const groupsOf = (scenarios: readonly Scenario[]): readonly (readonly Scenario[])[] => {
  const by = (keyOf: typeof topologyKey, all: readonly Scenario[]): readonly (readonly Scenario[])[] => [
    ...Map.groupBy(all, ({ steps: [first] }) => keyOf(first.topology)).values(),
  ];
  return by(runningKey, scenarios).map((group) => by(topologyKey, group).flat());
};

/** In the order in which they share pods with the one before, where they can. */
export const inRunningOrder = (scenarios: readonly Scenario[]): readonly Scenario[] =>
  joined(groupsOf(scenarios)).flat();

interface GroupStage extends Stage, GroupPodsOptions {
  report(scenario: Scenario, result: ScenarioResult): void;
  isReported(scenario: Scenario): boolean;
  stopped(): boolean;
}

const runGroup = async (group: readonly Scenario[], stage: GroupStage): Promise<void> => {
  const groupPods = createGroupPods(group, stage);
  for (const [index, scenario] of group.entries()) {
    if (stage.stopped()) break;
    if (stage.isReported(scenario)) continue;
    const count = stage.tally?.of(scenario);
    count?.phase('starting the pods of');
    const acquired = await groupPods.acquire(scenario.steps[0].topology).catch(async (error: unknown) => {
      await requireCluster(stage, error);
      const likewise = group.slice(index).filter((other) => beginAlike(scenario, other));
      await reportBroken(likewise, error, stage);
      return null;
    });
    if (!acquired) continue;
    const { pods, deployMs } = acquired;
    const result = await runScenario(scenario, pods, { ...stage, count });
    if (result.status === 'error') await requireCluster(stage);
    stage.report(scenario, deployMs > 0 ? withDeployment(result, deployMs) : result);
    await groupPods.release(result, { isLast: index === group.length - 1 });
  }
  await groupPods.dispose();
};

const withDeployment = (result: ScenarioResult, deployMs: number): ScenarioResult => {
  const { totalMs = 0, ...parts } = result.timings;
  return { ...result, timings: { deployMs, ...parts, totalMs: deployMs + totalMs } };
};

/** Scenarios whose pods did not come up; they share their evidence. */
const reportBroken = async (scenarios: readonly Scenario[], error: unknown, stage: GroupStage): Promise<void> => {
  let evidence: string | undefined;
  for (const [index, scenario] of scenarios.entries()) {
    const broken = brokenScenario(scenario, error);
    const result = index === 0 ? await withLastEvidence(broken, stage) : withSame(broken, evidence);
    evidence ??= result.steps.at(-1)?.evidence;
    for (const step of result.steps) stage.events?.onStepEnd(step, headOf(scenario));
    stage.report(scenario, result);
  }
};

const withSame = (result: ScenarioResult, evidence: string | undefined): ScenarioResult =>
  evidence === undefined ? result : { ...result, steps: result.steps.map((step) => ({ ...step, evidence })) };

/** Throws if the run was interrupted or the API server is gone, because no further scenario can prove anything then. */
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
