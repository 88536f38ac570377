import {
  type Cell,
  judgePredicted,
  predict,
  type ScenarioResult,
  type StepResult,
  statusOf,
  warningsOf,
  whyOf,
  worst,
} from '../matrix/index.ts';
import { exitCodeOf } from '../report/index.ts';
import { expectedIn, familiesNamed, loadScenarios, probesIn, type Scenario, type Step } from '../scenario/index.ts';
import { elapsed } from '../stopwatch.ts';
import { checkOutput, type OutputFlags, writeReports } from './output.ts';
import { type Selection, select } from './select.ts';
import type { Terminal } from './terminal.ts';
import { tellWarnings } from './warnings.ts';

/** What `podreach model` was told; see its --help. */
export type ModelFlags = OutputFlags & Pick<Selection, 'grep'>;

/** `podreach model`: predicts and judges the scenarios without a cluster, and returns the exit code. */
export const model = async (paths: readonly string[], flags: ModelFlags, terminal: Terminal): Promise<number> => {
  const startMs = performance.now();
  await checkOutput(flags);
  const scenarios = select(await loadScenarios([...paths]), flags);
  tellWarnings(scenarios, terminal.progress);
  const results = scenarios.map(predictScenario);
  const result = { scenarios: results, timings: { totalMs: elapsed(startMs) }, predicted: true } as const;
  await writeReports(result, flags, terminal);
  return exitCodeOf(result);
};

/** Each step in its own world. */
export const predictScenario = (scenario: Scenario): ScenarioResult => {
  const { name, intent, file, notes } = scenario;
  const steps = scenario.steps.map(predictStep);
  const status = worst(steps.map((step) => step.status));
  return {
    name,
    file,
    ...(intent !== undefined && { intent }),
    status,
    timings: {},
    steps,
    warnings: warningsOf(scenario),
    ...(notes && { notes }),
  };
};

const predictStep = ({ name, topology, policies, expected }: Step): StepResult => {
  const named = familiesNamed(topology, Array.isArray(expected) ? expected : []);
  const families = named.size > 0 ? [...named].sort() : (['IPv4'] as const);
  const situation = { topology, policies, families };
  const probes = probesIn(topology, families);
  const wanted = Array.isArray(expected) ? expectedIn(expected, probes, families) : expected;
  const cells = judgePredicted(wanted, predict(situation));
  const status = expected === null || expected === 'model' ? 'unjudged' : statusOf(cells);
  const why = whyOf(cells, situation);
  const hints = hintsFor(cells.filter((cell) => cell.status !== 'open' && cell.model === 'unknown'));
  return { name, status, timings: {}, cells, why, ...(hints.length > 0 && { hint: hints.join('; ') }) };
};

/** What to do about cells that the model can't tell. */
const hintsFor = (cells: readonly Cell[]): readonly string[] => [
  ...(cells.some(({ backendsDiffer }) => !backendsDiffer) ? [ADDRESS_HINT] : []),
  ...(cells.some(({ backendsDiffer }) => backendsDiffer) ? [BACKENDS_HINT] : []),
];

const ADDRESS_HINT =
  'give the pods of the unknown cells an `address:` in scenario.yaml, or let `podreach run` find it out';
const BACKENDS_HINT =
  '`podreach explain` tells which of the pods behind a Service are blocked, and what would open them';
