import type { CellGroup, Change, ComparedResult } from '../../compare/index.ts';

/** The changes that a forbidden one may be, if a side is undecided. */
const MAYBE: Readonly<Record<'opened' | 'closed', readonly Change[]>> = {
  opened: ['may-open', 'may-differ'],
  closed: ['may-close', 'may-differ'],
};

/** What the specification leaves undefined is not judged. */
const isJudged = ({ wanted, doubt }: CellGroup): boolean => !wanted && doubt !== 'undefined';

const groupsOf = ({ comparisons }: ComparedResult, changes: ReadonlySet<Change>): readonly CellGroup[] =>
  comparisons.flatMap(({ groups }) => groups.filter((group) => changes.has(group.change) && isJudged(group)));

const sureOf = ({ forbidden }: ComparedResult): ReadonlySet<Change> => new Set(forbidden);
const maybeOf = ({ forbidden }: ComparedResult): ReadonlySet<Change> => new Set(forbidden.flatMap((one) => MAYBE[one]));

/** What is changed as is forbidden and not wanted, or may be. */
export const forbiddenChanges = (result: ComparedResult): readonly CellGroup[] =>
  groupsOf(result, new Set([...sureOf(result), ...maybeOf(result)]));

/** How many cells are surely changed so, and how many may be. */
export const forbiddenCells = (result: ComparedResult): { readonly sure: number; readonly maybe: number } => {
  const count = (changes: ReadonlySet<Change>): number =>
    groupsOf(result, changes).reduce((sum, { cells }) => sum + cells, 0);
  return { sure: count(sureOf(result)), maybe: count(maybeOf(result)) };
};

/** 1 for a forbidden change or one that is not as predicted live; 2 if one can't be ruled out, or its live proof broke. */
export const comparedExitCode = (result: ComparedResult): 0 | 1 | 2 => {
  const proofs = new Set(result.comparisons.map(({ live }) => live?.status));
  if (proofs.has('error')) return 2;
  const { sure, maybe } = forbiddenCells(result);
  if (sure > 0 || proofs.has('fail')) return 1;
  return maybe > 0 ? 2 : 0;
};
