import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Cell,
  headOf,
  judgePredicted,
  predictEach,
  type Remark,
  type ScenarioResult,
  type StepResult,
  statusOf,
  tellScenario,
  whyOf,
  worst,
} from '../matrix/index.ts';
import { exitCodeOf } from '../report/index.ts';
import { eachProbeIn, expectedIn, familiesNamed, type Scenario, type Step } from '../scenario/index.ts';
import { elapsed } from '../stopwatch.ts';
import { type ChoiceFlags, chosenScenarios } from './chosen-scenarios.ts';
import { chooseReports, type OutputFlags, withoutEmptyTerminal } from './output.ts';
import { reporting } from './reporting.ts';
import { listText } from './scenario-list.ts';
import type { Terminal } from './terminal.ts';
import { tellWarnings } from './warnings.ts';

/** The flags of `podreach model`; see its --help. */
export type ModelFlags = OutputFlags & ChoiceFlags & { readonly watch?: boolean };

/** `podreach model`: predicts and judges the scenarios without a cluster, and returns the exit code. */
export const model = async (
  paths: readonly string[],
  flags: ModelFlags,
  terminal: Terminal,
  onRead?: (file: string) => void,
): Promise<number> => {
  const startMs = performance.now();
  const reports = await chooseReports(flags);
  const scenarios = await chosenScenarios(paths, flags, terminal, onRead);
  if (flags.list) {
    await terminal.print(listText(scenarios));
    return 0;
  }
  const isEmpty = scenarios.length === 0;
  if (isEmpty) terminal.progress.note('no scenario is selected', 'important');
  tellWarnings(scenarios, terminal.progress);
  const start = { scenarios: scenarios.map(headOf), predicted: true } as const;
  const result = await reporting(withoutEmptyTerminal(reports, isEmpty), start, terminal, async (events) => {
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) {
      const predicted = predictScenario(scenario);
      results.push(predicted);
      tellScenario(predicted, events);
      // Lets the reporters print it now.
      await nextTurn();
    }
    return { scenarios: results, timings: { totalMs: elapsed(startMs) }, predicted: true };
  });
  return isEmpty ? 0 : exitCodeOf(result);
};

/** Each step in its own world. */
export const predictScenario = (scenario: Scenario): ScenarioResult => {
  const steps = scenario.steps.map(predictStep);
  return { ...headOf(scenario), status: worst(steps.map(({ status }) => status)), timings: {}, steps };
};

const predictStep = ({ name, topology, policies, expected }: Step): StepResult => {
  const named = familiesNamed(topology, Array.isArray(expected) ? expected : []);
  const families = named.size > 0 ? [...named].sort() : (['IPv4'] as const);
  const situation = { topology, policies, families };
  const wanted = Array.isArray(expected) ? expectedIn(expected, eachProbeIn(topology, families), families) : expected;
  const count = Iterator.from(eachProbeIn(topology, families)).reduce((sum) => sum + 1, 0);
  const cells = judgePredicted(wanted, predictEach(situation), count);
  const status = expected === null || expected === 'model' ? 'unjudged' : statusOf(cells);
  const why = whyOf(cells, situation);
  const remarks = remarksOn(cells.filter((cell) => cell.status !== 'open' && !cell.exempt && cell.model === 'unknown'));
  return { name, status, timings: {}, cells, why, situation, remarks };
};

/** Why the model can't decide these cells. */
const remarksOn = (unknown: readonly Cell[]): readonly Remark[] => {
  const remarks = new Set(unknown.map(remarkOn));
  return ORDER.filter((remark) => remarks.has(remark));
};

const remarkOn = ({ backendsDiffer, lookupUnknown }: Cell): Remark => {
  if (backendsDiffer) return 'backends-differ';
  return lookupUnknown ? 'lookup-unknown' : 'address-unknown';
};

const ORDER: readonly Remark[] = ['backends-differ', 'lookup-unknown', 'address-unknown'];
