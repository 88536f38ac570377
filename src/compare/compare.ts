import { familiesOfSteps, type Step } from '../scenario/index.ts';
import { findCells } from './cells.ts';
import { withoutEffect } from './effects.ts';
import { endChanges } from './ends.ts';
import { changedPolicies, changeOf, shareEqual } from './policies.ts';
import type { CellGroup, Change, Comparison } from './result.ts';
import { type FamilyState, inFamily } from './state.ts';
import type { WantedCells } from './wanted.ts';

/** A side as it is written. */
export type ComparedStep = Pick<Step, 'topology' | 'policies' | 'expected'>;

export interface CompareOptions {
  /** Changes that were asked for. */
  readonly wanted?: WantedCells | undefined;
}

/** What the difference between two states of the world does to its cells, according to the specification. */
export const compareSteps = (
  before: ComparedStep,
  after: ComparedStep,
  { wanted }: CompareOptions = {},
): Pick<Comparison, 'counts' | 'groups' | 'policies' | 'ends'> => {
  const families = familiesOfSteps([before, after]);
  const shared = shareEqual(before.policies, after.policies);
  const sides = families.map((family) => {
    const was = inFamily(before, shared.before, families, family);
    return [was, inFamily(after, shared.after, families, family, was)] as const;
  });
  const found = sides.map(([was, is], at) => {
    const family = families.length > 1 ? families[at] : undefined;
    return findCells(was, is, { ...(family && { family }), isFirstFamily: at === 0, wanted });
  });
  const groups = found.flatMap((one) => one.groups);
  const changed = changedPolicies(before.policies, after.policies);
  const ends = endChanges(before.topology, after.topology);
  // The comparison of both sides is that of a single change.
  const isOne = changed.length === 1 && ends.length === 0;
  const isKnown = isOne ? !groups.some(isTold(sides)) : null;
  const silent = withoutEffect(changed, groups, sides, isKnown);
  return {
    counts: countsOf(
      groups,
      found.reduce((sum, { common }) => sum + common, 0),
    ),
    groups: groups.toSorted((one, other) => RANK[one.change] - RANK[other.change] || other.cells - one.cells),
    policies: changed.map((policy) => {
      const without = silent.get(policy.name);
      return { ...changeOf(policy), ...(without && { without }) };
    }),
    ends,
  };
};

/** Whether a single change made that difference, and so is not without effect: between pods and hosts, as `withoutEffect` looks. */
const isTold =
  (sides: readonly (readonly [FamilyState, FamilyState])[]) =>
  ({ change, from: [from = ''], to: [to = ''] }: CellGroup): boolean =>
    change !== 'undecided' && sides.some(([{ model }]) => model.endpoints.has(from) && model.endpoints.has(to));

/** What matters most comes first. */
const ORDER: readonly Change[] = [
  ...(['opened', 'closed', 'may-open', 'may-close', 'may-differ', 'added', 'removed', 'undecided'] as const),
];

const RANK = Object.fromEntries(ORDER.map((change, at) => [change, at])) as Readonly<Record<Change, number>>;

const countsOf = (groups: readonly CellGroup[], common: number): Comparison['counts'] => {
  const sums = Object.fromEntries(ORDER.map((change) => [change, 0])) as Record<Change, number>;
  for (const { change, cells } of groups) sums[change] += cells;
  const { added, removed, ...others } = sums;
  const told = Object.values(others).reduce((sum, one) => sum + one, 0);
  return { ...sums, unchanged: common - told };
};
