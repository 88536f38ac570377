import { PodreachError } from '../errors.ts';
import type { RunEvents, ScenarioResult, StepResult } from '../matrix/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { quoted } from '../text.ts';

/** A scenario that runs once, when the first of its steps is asked for, and again after `forget`. */
export interface ScenarioRuns {
  /** The result of a step, as soon as it has ended. Rejects if it was never reached, or if the cluster broke. */
  step(index: number): Promise<StepResult>;
  forget(): void;
}

export const createRuns = (
  { steps: { length }, name }: Scenario,
  run: (events: RunEvents) => Promise<ScenarioResult>,
): ScenarioRuns => {
  const start = (): readonly Promise<StepResult>[] => {
    const steps = Array.from({ length }, () => Promise.withResolvers<StepResult>());
    const refuse = (error: unknown) => {
      for (const { reject } of steps) reject(error);
    };
    let ended = 0;
    const onStepEnd = (step: StepResult) => {
      steps[ended]?.resolve(step);
      ended += 1;
    };
    run({ onStepEnd, onScenarioEnd: () => {} }).then((result) => refuse(unreached(name, result)), refuse);
    const promises = steps.map(({ promise }) => promise);
    // Nobody may ask for all of them.
    for (const promise of promises) promise.catch(() => {});
    return promises;
  };
  let latest: readonly Promise<StepResult>[] | undefined;
  return {
    step: (index) => {
      latest ??= start();
      return latest[index] ?? Promise.reject(new RangeError(`${name} has ${length} steps`));
    },
    forget: () => {
      latest = undefined;
    },
  };
};

/** Settles only steps that have no result. */
const unreached = (name: string, { steps }: ScenarioResult): PodreachError => {
  const broken = steps.at(-1);
  const cause = broken ? `, because the step ${quoted(broken.name)} broke: ${broken.problem ?? broken.status}` : '';
  return new PodreachError(`this step of ${name} was not reached${cause}`, broken?.hint ? { hint: broken.hint } : {});
};
