import { type Deployment, requireFamilies } from '../deploy/index.ts';
import { asPodreachError } from '../errors.ts';
import {
  type Cell,
  headOf,
  judge,
  predict,
  type Remark,
  type ScenarioResult,
  type Situation,
  type StepResult,
  statusOf,
  whyOf,
  worst,
} from '../matrix/index.ts';
import { type RepeatOptions, repeatCommand } from '../probe/index.ts';
import { hasFault, startStatus } from '../record/index.ts';
import {
  type ExpectedProbe,
  expectedIn,
  familiesNamed,
  probeKey,
  probesIn,
  type ReadPolicy,
  type Scenario,
  type Step,
} from '../scenario/index.ts';
import { elapsed, timed } from '../stopwatch.ts';
import { statusOfFlows } from '../streams/index.ts';
import { situationOf } from './addresses.ts';
import { type Changed, changeWorld } from './change.ts';
import { createConnections } from './connections.ts';
import { followAgain, type Make } from './follow-again.ts';
import { nodesOf, takeMatrix } from './matrix.ts';
import { startsIn } from './measure-starts.ts';
import { type Cells, type Sample, sampleOf } from './sample.ts';
import type { Stage } from './stage.ts';
import { withEvidence, withLastEvidence } from './step-evidence.ts';
import { takeStepMatrix } from './step-matrix.ts';
import type { OwnWorld } from './world.ts';

/** Runs one scenario on its pods, whatever an earlier one left of them and of its policies. A failure becomes its result. */
export const runScenario = async (
  scenario: Scenario,
  deployment: Deployment,
  stage: Stage,
): Promise<ScenarioResult> => {
  const startMs = performance.now();
  const steps: StepResult[] = [];
  const ended = (step: StepResult): void => {
    steps.push(step);
    stage.events?.onStepEnd(step, headOf(scenario));
  };
  const timings = { baselineMs: 0 };
  const connections = createConnections(deployment, stage.signal);
  try {
    const { families } = deployment;
    for (const step of scenario.steps) requireFamilies(families, familiesNamed(step.topology, listed(step.expected)));
    await deployment.removePolicies();
    let inForce: readonly ReadPolicy[] | null = null;
    const makeAgain: Make = (step, before) =>
      changeWorld(deployment, step, before, { ...stage, recording: false }, connections);
    for (const [at, step] of scenario.steps.entries()) {
      const made = await changeWorld(deployment, step, inForce, stage, connections);
      const changed = await followAgain(made, scenario.steps.slice(0, at + 1), makeAgain);
      timings.baselineMs += changed.baselineMs;
      ended(await withEvidence(await runStep(step, changed, deployment, stage), scenario, stage, deployment));
      inForce = step.policies;
    }
    await connections.close();
    await stage.linger?.(await worldOf(scenario, deployment, stage), scenario);
  } catch (error) {
    const broken = await withLastEvidence(brokenScenario(scenario, error, steps), stage, deployment);
    for (const step of broken.steps.slice(steps.length)) ended(step);
    return { ...broken, timings: { ...timings, totalMs: elapsed(startMs) } };
  } finally {
    await connections.close();
  }
  const status = worst(steps.map((step) => step.status));
  return { ...headOf(scenario), status, timings: { ...timings, totalMs: elapsed(startMs) }, steps };
};

const worldOf = async ({ steps }: Scenario, deployment: Deployment, stage: Stage): Promise<OwnWorld> => {
  const { timeoutMs, retries, window, signal } = stage;
  const canary = await stage.canary;
  const { topology } = steps.at(-1) as Step;
  return {
    endpoints: deployment.endpoints,
    probes: probesIn(topology, deployment.families),
    source: deployment.source,
    isRecordable: () => true,
    take: async (probes) =>
      (await takeMatrix(deployment, canary, probes, { timeoutMs, retries, window, signal })).observations,
    become: async (policies) => {
      await deployment.applyPolicies(policies);
      await canary.settle(nodesOf(deployment));
    },
    requirePolicies: deployment.requirePolicies,
  };
};

const runStep = async (step: Step, changed: Changed, deployment: Deployment, stage: Stage): Promise<StepResult> => {
  const { repeatEach = 1, failOnFlaky = false } = stage;
  const { policies } = step;
  const { recording, established, followed } = changed;
  const situation = { ...situationOf(deployment, await stage.dns), policies };
  const { probes, expected, predicted, sampled } = cellsToProbe(step, situation, deployment, stage);
  const taken = await timed(() => takeStepMatrix(deployment, { probes, predicted }, policies, followed, stage));
  const { observations, agreement, late } = taken.value;
  const starts = await startsIn(step, situation, deployment, stage);
  const cells = judge(expected, observations, predicted, { failOnFlaky });
  return {
    name: step.name,
    status: worst([
      statusOf(cells),
      ...(recording && hasFault(recording) ? (['fail'] as const) : []),
      ...(established ? [statusOfFlows(established)] : []),
      ...(starts ? [startStatus(starts.value)] : []),
    ]),
    timings: { ...changed.timings, probeMs: taken.ms, ...(starts && { startsMs: starts.ms }) },
    cells,
    ...(late && { late }),
    ...(recording && { recording }),
    ...(established && { established }),
    ...(starts && { starts: starts.value }),
    ...(agreement && { agreement }),
    ...(sampled && { sampled }),
    ...(repeatEach > 1 && { repeats: repeatEach }),
    repeat: repeatCommands(cells, deployment, stage.repeat),
    why: whyOf(cells, situation),
    situation,
    remarks: remarksOn(step, cells, stage),
  };
};

const cellsToProbe = (
  { topology, expected }: Step,
  situation: Situation,
  { families, endpoints }: Deployment,
  { sampling }: Stage,
): Cells & Partial<Sample> => {
  const probes = probesIn(topology, families);
  const all: Cells = {
    probes,
    expected: expected === 'model' ? 'model' : expected && expectedIn(expected, probes, families),
    predicted: predict(situation),
  };
  return sampling ? sampleOf(all, situation, endpoints) : all;
};

const listed = (expected: Step['expected']): readonly ExpectedProbe[] =>
  expected === null || expected === 'model' ? [] : expected;

const remarksOn = ({ expected }: Step, cells: readonly Cell[], { keep }: Stage): readonly Remark[] => {
  if (expected === null) return ['no-expectation'];
  if (statusOf(cells) === 'pass') return [];
  return [keep ? 'kept' : 'not-kept'];
};

const repeatCommands = (
  cells: readonly Cell[],
  { endpoints }: Deployment,
  options: RepeatOptions,
): Map<string, string> => {
  const commands = cells
    .filter(({ status }) => status === 'mismatch' || status === 'flaky')
    .map((cell) => {
      const from = endpoints.get(cell.from);
      const to = endpoints.get(cell.to);
      return [probeKey(cell), from && to ? repeatCommand(cell, from, to, options) : null] as const;
    });
  return new Map(commands.filter((entry): entry is [string, string] => entry[1] !== null));
};

/**
 * The result of a scenario that could not be judged. The cause may be a bug in podreach, and is then reported as one.
 */
export const brokenScenario = (
  scenario: Scenario,
  error: unknown,
  done: readonly StepResult[] = [],
): ScenarioResult => {
  const name = scenario.steps[done.length]?.name ?? scenario.name;
  const { message: problem, hint } = asPodreachError(error);
  const broken: StepResult = { name, status: 'error', timings: {}, cells: [], problem, ...(hint && { hint }) };
  return { ...headOf(scenario), status: 'error', timings: {}, steps: [...done, broken] };
};
