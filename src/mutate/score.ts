import type { Probe, Scenario, Step } from '../scenario/index.ts';
import { type Mutant, mutantsOf } from './mutations.ts';
import { noticing, wantsOf } from './noticed.ts';
import type { SameMutant } from './why-same.ts';
import { findWitnesses, type Witness } from './witnesses.ts';

/** What a step's expectation makes of the mutants of its policies; every mutant is in one of the lists. */
export interface StepScore {
  readonly name: string;
  /** Each with the first cell that would fail. */
  readonly noticed: readonly { readonly mutant: Mutant; readonly cell: Probe }[];
  /** Cells that fail without any mutant, and so notice none. */
  readonly failing: readonly Probe[];
  /** No expected cell would fail, although a cell between its pods and hosts is different. */
  readonly missed: readonly Mutant[];
  /** The fewest cells found that would notice all that were missed. */
  readonly witnesses: readonly Witness[];
  /** Cells that would notice what no cell between its own pods and hosts does. */
  readonly beyond: readonly Witness[];
  /** No cell is different, not even of pods and ports that the scenario lacks. */
  readonly same: readonly SameMutant[];
}

export interface ScenarioScore {
  readonly name: string;
  readonly file: string;
  readonly steps: readonly StepScore[];
}

/** How good the expectations of a scenario are: which mistakes in its policies they would notice. */
export const scoreOf = ({ name, file, steps }: Scenario): ScenarioScore => ({
  name,
  file,
  steps: steps.map(scoreOfStep),
});

const scoreOfStep = (step: Step): StepScore => {
  const wants = wantsOf(step);
  const tried = step.policies.flatMap(mutantsOf).map((mutant) => {
    const { policy, spec } = mutant;
    const policies = step.policies.flatMap((one) => (one === policy ? (spec ? { ...one, spec } : []) : one));
    return { mutant, cell: noticing(wants, policies) };
  });
  const silent = tried.flatMap(({ mutant, cell }) => (cell ? [] : mutant));
  const { witnesses, beyond, same } = findWitnesses(wants.situation, silent);
  const missed = new Set(witnesses.flatMap(({ notices }) => notices));
  return {
    name: step.name,
    failing: wants.failing,
    noticed: tried.flatMap(({ mutant, cell }) => (cell ? { mutant, cell } : [])),
    missed: silent.filter((mutant) => missed.has(mutant)),
    witnesses,
    beyond,
    same,
  };
};
