import { eachProbeIn, expectedIn, familiesOfSteps, type Scenario, type Step } from '../scenario/index.ts';
import { headOf } from './events.ts';
import { judgePredicted } from './judge.ts';
import type { Cell } from './judged.ts';
import { predictEach } from './predict.ts';
import type { Remark, ScenarioResult, StepResult } from './result.ts';
import { statusOf, worst } from './status.ts';
import { whyOf } from './why.ts';

/** What the model predicts of a scenario, judged: each step in its own world. No cluster is needed. */
export const predictScenario = (scenario: Scenario): ScenarioResult => {
  const steps = scenario.steps.map(predictStep);
  return { ...headOf(scenario), status: worst(steps.map(({ status }) => status)), timings: {}, steps };
};

/** The same of one step. */
export const predictStep = ({ name, topology, policies, expected }: Step): StepResult => {
  const families = familiesOfSteps([{ topology, expected }]);
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
