/** A test point for each step of a scenario, as it ends. */
import type { ScenarioHead, StepResult } from '../matrix/index.ts';
import { comparedTap } from './compare/tap.ts';
import { outcomeOf, outcomeText, tookMs } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';
import { planText, pointText, TAP_VERSION, type TapPoint, tapText } from './tap-lines.ts';

export const createTap: CreateReporter = () => {
  let count = 0;
  return {
    onBegin: () => [TAP_VERSION],
    onStepEnd: (step, scenario) => {
      count += 1;
      return [pointText(pointOf(step, scenario, count))];
    },
    onEnd: ({ problem }) => [...(problem === undefined ? [] : [`Bail out! ${tapText(problem)}\n`]), planText(count)],
    onCompared: comparedTap,
  };
};

const pointOf = (step: StepResult, { name }: ScenarioHead, number: number): TapPoint => {
  const outcome = outcomeOf(step);
  const isOk = outcome === 'passed' || outcome === 'skipped';
  return {
    ...{ number, name: step.name === name ? name : `${name}: ${step.name}` },
    ...{ outcome, message: outcomeText(step), tookMs: tookMs(step), findings: isOk ? [] : stepFindings(step).flat() },
  };
};
