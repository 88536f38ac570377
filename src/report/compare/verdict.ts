import type { Change, ComparedResult } from '../../compare/index.ts';

/** The changes that a forbidden one may be, if a side is undecided. */
const MAYBE: Readonly<Record<'opened' | 'closed', readonly Change[]>> = {
  opened: ['may-open', 'may-differ'],
  closed: ['may-close', 'may-differ'],
};

/**
 * How many cells are changed as is forbidden and not wanted, and how many may be. What the specification leaves undefined
 * is not judged.
 */
export const forbiddenCells = ({ comparisons, forbidden }: ComparedResult): { sure: number; maybe: number } => {
  const maybe = new Set(forbidden.flatMap((change) => MAYBE[change]));
  const sure: ReadonlySet<Change> = new Set(forbidden);
  const groups = comparisons
    .flatMap((comparison) => comparison.groups)
    .filter(({ wanted, doubt }) => !wanted && doubt !== 'undefined');
  const count = (changes: ReadonlySet<Change>): number =>
    groups.reduce((sum, { change, cells }) => sum + (changes.has(change) ? cells : 0), 0);
  return { sure: count(sure), maybe: count(maybe) };
};

/** 1 for a forbidden change, 2 if one can't be ruled out. */
export const comparedExitCode = (result: ComparedResult): 0 | 1 | 2 => {
  const { sure, maybe } = forbiddenCells(result);
  if (sure > 0) return 1;
  return maybe > 0 ? 2 : 0;
};
