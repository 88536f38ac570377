import { type Cell, type ScenarioResult, type StepResult, worst } from '../matrix/index.ts';
import { type Probe, probeKey } from '../scenario/index.ts';
import type { ProofPlan } from './proof-plan.ts';
import type { CellGroup, Comparison, LiveProof, SeenLive } from './result.ts';

/** The comparison with what was seen of it live; as it is if that did not run. */
export const withSeen = (
  comparison: Comparison,
  { scenarios, untimed }: ProofPlan,
  results: readonly ScenarioResult[],
): Comparison => {
  const own = scenarios.flatMap(({ name }) => results.find((result) => result.name === name) ?? []);
  if (own.length === 0) return comparison;
  const steps = own.flatMap((result) => result.steps);
  const live: LiveProof = { status: worst(own.map(({ status }) => status)), steps, ...(untimed && { untimed }) };
  const sides: Sides = { before: cellsIn(steps, 'before'), after: cellsIn(steps, 'after') };
  const groups = comparison.groups.map((group) => {
    const isPredicted = group.before !== 'unknown' && group.after !== 'unknown';
    return isPredicted ? { ...group, live: seenOf(group, sides) } : group;
  });
  return { ...comparison, groups, live };
};

/** The cells of a state by their key without the family: one for each. */
type Cells = ReadonlyMap<string, readonly Cell[]>;
type Sides = Readonly<Record<'before' | 'after', Cells>>;

const cellsIn = (steps: readonly StepResult[], name: string): Cells =>
  Map.groupBy(
    steps.flatMap((step) => (step.name === name ? step.cells : [])),
    ({ from, to, port, protocol }) => probeKey({ from, to, port, protocol }),
  );

const seenOf = (group: CellGroup, sides: Sides): SeenLive => {
  const outcomes = probesOf(group).map((probe) => outcomeOf(probe, group, sides));
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return { alike: count('alike'), otherwise: count('otherwise') };
};

const probesOf = ({ from, to, ports, family }: CellGroup): readonly Probe[] =>
  from.flatMap((source) =>
    to.flatMap((target) =>
      source === target
        ? []
        : ports.map(({ number, protocol }) => ({
            ...{ from: source, to: target, port: number, protocol },
            ...(family && { family }),
          })),
    ),
  );

type Outcome = 'alike' | 'otherwise' | 'unseen';

/** A cell is as predicted if it is so in both states, as far as they have it, and in each family. */
const outcomeOf = ({ family, ...probe }: Probe, group: CellGroup, sides: Sides): Outcome => {
  const outcomes = (['before', 'after'] as const).flatMap((side): readonly Outcome[] => {
    const predicted = group[side];
    if (predicted === null) return [];
    const cells = sides[side].get(probeKey(probe))?.filter((cell) => family === undefined || cell.family === family);
    return cells?.length ? cells.map((cell) => agreement(cell, predicted)) : ['unseen'];
  });
  return (['otherwise', 'unseen'] as const).find((one) => outcomes.includes(one)) ?? 'alike';
};

const agreement = ({ status, observed }: Cell, predicted: CellGroup['after']): Outcome => {
  const isOpen = observed === 'allowed';
  if (status === 'flaky' || !(isOpen || observed === 'dropped' || observed === 'rejected')) return 'unseen';
  return isOpen === (predicted === 'allow') ? 'alike' : 'otherwise';
};
