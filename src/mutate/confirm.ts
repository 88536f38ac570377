import { agrees, type Cell, type ScenarioResult } from '../matrix/index.ts';
import { type Probe, probeKey, type Scenario, type Step } from '../scenario/index.ts';
import type { Mutant } from './mutations.ts';
import { expectedOf } from './noticed.ts';
import type { ScenarioScore } from './score.ts';

/** A mutant of a step, and what its expectation is said to make of it. */
export interface Claim {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly mutant: Mutant;
  /** A cell that fails; null if none does. */
  readonly cell: Probe | null;
}

/** What a claim came to on running pods. */
export type Confirmation = Claim &
  (
    | { readonly outcome: 'killed' | 'survived' }
    /** These cells are not what they were said to be. */
    | { readonly outcome: 'otherwise'; readonly cells: readonly Cell[] }
    | { readonly outcome: 'broken'; readonly problem: string | null; readonly cells: readonly Cell[] }
  );

/** At most so many mutants from all over these scenarios; those of one scenario follow one another. */
export const claimsOf = (scored: readonly (readonly [Scenario, ScenarioScore])[], most: number): readonly Claim[] => {
  const all = scored.flatMap(([scenario, score]) =>
    scenario.steps.flatMap((step, at) => {
      const { noticed = [], missed = [], beyond = [], same = [] } = score.steps[at] ?? {};
      const silent = [...missed, ...beyond.flatMap(({ notices }) => notices), ...same.map(({ mutant }) => mutant)].map(
        (mutant) => ({ mutant, cell: null }),
      );
      return [...noticed, ...silent].map((one): Claim => ({ scenario, step, ...one }));
    }),
  );
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.floor(((at + 0.5) * all.length) / most)] as Claim);
};

/** A scenario with the mutant in force, which expects what the step does. */
export const scenarioFor = ({ scenario, step, mutant }: Claim): Scenario => {
  const { policy, manifest, spec } = mutant;
  const policies = step.policies.flatMap((one) => {
    if (one !== policy) return one;
    return manifest && spec ? { ...one, manifest, spec } : [];
  });
  const { withinMs: _, ...rest } = step;
  const { name, file } = scenario;
  return { name, file, steps: [{ ...rest, policies, expected: expectedOf(step) }] };
};

/** Compares a claim with the result of its scenario. */
export const confirmed = (claim: Claim, { steps }: Pick<ScenarioResult, 'steps'>): Confirmation => {
  const cells = steps.flatMap((step) => step.cells).filter(({ from, to }) => from !== to);
  const problem = steps.find((step) => step.problem !== undefined)?.problem ?? null;
  // Where the model can't decide, because the servers of a Service differ, a cell may well be flaky.
  const unproven = cells.filter(({ status, model }) => UNPROVEN.has(status) && model !== 'unknown');
  if (problem !== null || unproven.length > 0) return { ...claim, outcome: 'broken', problem, cells: unproven };
  const hasFailed = ({ status }: Cell): boolean => status === 'mismatch';
  const wrong = cells.filter((cell) => cell.status !== 'open' && agrees(cell) === false);
  const surprising = claim.cell
    ? cells.filter((cell) => isOf(cell, claim.cell as Probe) && !hasFailed(cell))
    : cells.filter(hasFailed);
  const all = new Set([...wrong, ...surprising]);
  if (all.size > 0) return { ...claim, outcome: 'otherwise', cells: [...all] };
  return { ...claim, outcome: claim.cell ? 'killed' : 'survived' };
};

/** A cell of one family may have been seen in a cluster that has no other. */
const isOf = (cell: Cell, probe: Probe): boolean =>
  probeKey(withoutFamily(cell)) === probeKey(withoutFamily(probe)) &&
  (cell.family === undefined || probe.family === undefined || cell.family === probe.family);

const withoutFamily = ({ from, to, port, protocol }: Probe): Probe => ({ from, to, port, protocol });

const UNPROVEN: ReadonlySet<Cell['status']> = new Set(['error', 'flaky', 'unsupported']);
