import type { Scenario } from '../scenario/index.ts';
import type { ScenarioResult, StepResult } from './result.ts';
import { warningsOf } from './warnings.ts';

/** What is known about a scenario before it runs. */
export type ScenarioHead = Omit<ScenarioResult, 'status' | 'timings' | 'steps'>;

/** What is about to run. */
export interface RunStart {
  readonly scenarios: readonly ScenarioHead[];
  /** Nothing will be probed; the cells come from the model. */
  readonly predicted?: true;
  /** Two states are compared, and no scenario is run. */
  readonly compared?: true;
}

/** What a run reports while it runs. A listener neither delays nor breaks it. */
export interface RunEvents {
  onStepEnd(step: StepResult, scenario: ScenarioHead): void;
  /** After the last of its steps. Scenarios end in any order. */
  onScenarioEnd(result: ScenarioResult): void;
}

export const headOf = (scenario: Scenario): ScenarioHead => {
  const { name, intent, tags, file, notes } = scenario;
  return {
    name,
    file,
    ...(intent !== undefined && { intent }),
    ...(tags && { tags }),
    warnings: warningsOf(scenario),
    ...(notes && { notes }),
  };
};

/** Reports a scenario whose steps all ended at once. */
export const tellScenario = (result: ScenarioResult, events: RunEvents): void => {
  const { status: _status, timings: _timings, steps, ...head } = result;
  for (const step of steps) events.onStepEnd(step, head);
  events.onScenarioEnd(result);
};
