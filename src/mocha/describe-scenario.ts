import Mocha from 'mocha';
import { PodreachError } from '../errors.ts';
import type { RunEvents, ScenarioResult, StepResult } from '../matrix/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { listed, nearest, quoted } from '../text.ts';
import { createRuns, type ScenarioRuns } from './scenario-runs.ts';
import { StepFailure, withHint } from './step-failure.ts';

/** A scenario, for tests of your own beside those of its steps. */
export interface DescribedScenario {
  readonly scenario: Scenario;
  /** The matrix of a step, by its name; without one, of the only step. The scenario runs if it has not yet. */
  matrix(step?: string): Promise<StepResult>;
}

const SLOW_MS = 60_000;

/** Makes a suite of a scenario that runs when the first of its tests does; a retry of any of them runs it again. */
export const describeScenario = (
  scenario: Scenario,
  run: (events: RunEvents) => Promise<ScenarioResult>,
  more?: (described: DescribedScenario) => void,
): void => {
  const runs = createRuns(scenario, run);
  const describe = scenario.only ? Mocha.describe.only : Mocha.describe;
  describe(scenario.name, function () {
    // podreach bounds everything that it waits for; bringing up a cluster may take minutes.
    this.timeout(0);
    this.slow(SLOW_MS);
    Mocha.beforeEach(function () {
      if (isRetry(this.currentTest)) runs.forget();
    });
    for (const [index, { name }] of scenario.steps.entries())
      Mocha.it(scenario.steps.length > 1 ? name : 'is as expected', async function () {
        const step = await resultOf(runs, index);
        if (step.status === 'pass') return;
        // A prediction proves nothing if nothing is expected, or only what is predicted.
        if (step.status === 'unjudged') this.skip();
        throw new StepFailure(scenario, step, index > 0 ? await runs.step(index - 1) : undefined);
      });
    more?.({ scenario, matrix: (step) => matrixOf(scenario, runs, step) });
  });
};

/** The types of mocha hide what its documentation shows. */
const isRetry = (test: unknown): boolean => (test as { currentRetry(): number }).currentRetry() > 0;

const resultOf = (runs: ScenarioRuns, index: number): Promise<StepResult> =>
  runs.step(index).catch((error: unknown) => {
    throw withHint(error);
  });

const matrixOf = async ({ name, steps }: Scenario, runs: ScenarioRuns, wanted?: string): Promise<StepResult> => {
  const names = steps.map((step) => step.name);
  const index = wanted === undefined && names.length === 1 ? 0 : names.indexOf(wanted ?? '');
  if (index >= 0) return resultOf(runs, index);
  throw new PodreachError(
    wanted === undefined
      ? `${name} has ${names.length} steps, so matrix needs the name of one: ${listed(names)}`
      : `${name} has no step ${quoted(wanted)}${nearest('step', wanted, names)}`,
  );
};
