/** A test case for each step of a scenario. */
import type { RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { printable } from '../text.ts';
import { comparedJunit } from './compare/junit.ts';
import { type JunitCase, type JunitSuite, junitText } from './junit-xml.ts';
import { outcomeOf, outcomeText, scenarioTookMs, tookMs } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';

export const createJunit: CreateReporter = () => ({ onEnd: junit, onCompared: comparedJunit });

const junit = ({ scenarios, timings, problem }: RunResult): Iterable<string> =>
  junitText([...scenarios.map(suiteOf), ...(problem === undefined ? [] : [runSuite(problem)])], timings.totalMs ?? 0);

const suiteOf = (scenario: ScenarioResult): JunitSuite => {
  const { name, file, steps } = scenario;
  return { name, file, tookMs: scenarioTookMs(scenario), cases: steps.map((step) => caseOf(step, name)) };
};

const caseOf = (step: StepResult, scenario: string): JunitCase => {
  const outcome = outcomeOf(step);
  const names = { name: step.name, className: scenario, tookMs: tookMs(step), outcome };
  if (outcome === 'passed') return { ...names, message: '', lines: [] };
  const { evidence } = step;
  const attachment = evidence === undefined ? {} : { attachment: `${evidence}/INDEX.txt` };
  return { ...names, message: outcomeText(step), lines: stepFindings(step).flat(), ...attachment };
};

/** What broke the run as a whole belongs to no scenario. */
const runSuite = (problem: string): JunitSuite => ({
  name: 'podreach',
  cases: [{ name: 'the run', className: 'podreach', outcome: 'error', message: problem, lines: [printable(problem)] }],
});
