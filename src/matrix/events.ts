import type { Scenario } from '../scenario/index.ts';
import type { ScenarioResult, StepResult } from './result.ts';
import { warningsOf } from './warnings.ts';

/** What is known of a scenario before it is run. */
export type ScenarioHead = Omit<ScenarioResult, 'status' | 'timings' | 'steps'>;

/** What is about to be run. */
export interface RunStart {
  readonly scenarios: readonly ScenarioHead[];
  /** Nothing will be probed: the cells are the model's. */
  readonly predicted?: true;
}

/** What a run reports while it goes on. A listener neither delays it nor breaks it. */
export interface RunEvents {
  onStepEnd(step: StepResult, scenario: ScenarioHead): void;
  /** After the last of its steps. Scenarios end in any order. */
  onScenarioEnd(result: ScenarioResult): void;
}

export const headOf = (scenario: Scenario): ScenarioHead => {
  const { name, intent, file, notes } = scenario;
  return {
    name,
    file,
    ...(intent !== undefined && { intent }),
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
