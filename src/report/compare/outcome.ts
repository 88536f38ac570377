/** What became of a comparison, for formats that know four outcomes, and what is to say about it on lines of its own. */
import type { CellGroup, Change, ComparedResult, Comparison } from '../../compare/index.ts';
import { andMore, plural, printable } from '../../text.ts';
import type { Outcome } from '../outcome.ts';
import { forbiddenCells, forbiddenChanges } from './verdict.ts';
import { CHANGE_WORDS, cellsText, countsText, endLines, policyText, whyText } from './words.ts';

const LINES_AT_MOST = 200;

export interface ComparedOutcome {
  readonly outcome: Outcome;
  /** On one line; not printable yet. */
  readonly text: string;
}

/** What became of all comparisons together; null if nothing is forbidden. */
export const comparedVerdict = (result: ComparedResult): ComparedOutcome | null => {
  if (result.forbidden.length === 0) return null;
  const { sure, maybe } = forbiddenCells(result);
  const what = result.forbidden.join(' or ');
  if (sure > 0) return { outcome: 'failed', text: `${plural(sure, 'cell')} ${what}, which is forbidden` };
  if (maybe > 0) return { outcome: 'error', text: `${plural(maybe, 'cell')} may be ${what}, which is forbidden` };
  return { outcome: 'passed', text: `nothing is ${what} that is not wanted` };
};

/** A comparison of which nothing is forbidden is not judged, as a matrix without an expectation. */
export const comparedOutcome = (comparison: Comparison, result: ComparedResult): ComparedOutcome => {
  const verdict = comparedVerdict({ ...result, comparisons: [comparison] });
  const counts = countsText(comparison);
  if (verdict === null) return { outcome: 'skipped', text: `${counts}; nothing is forbidden` };
  const { outcome, text } = verdict;
  return { outcome, text: outcome === 'passed' ? counts : `${text}; ${counts}` };
};

/** What happens to cells that no policy and no label opens or closes. */
const UNCHANGED: ReadonlySet<Change> = new Set(['undecided', 'added', 'removed']);

export const isChanged = ({ groups }: Pick<Comparison, 'groups'>): boolean =>
  groups.some(({ change }) => !UNCHANGED.has(change));

/** What is forbidden first, then as in the result. */
export const rankedGroups = (comparison: Comparison, result: ComparedResult): readonly CellGroup[] => {
  const forbidden = new Set(forbiddenChanges({ ...result, comparisons: [comparison] }));
  return comparison.groups.toSorted((one, other) => Number(forbidden.has(other)) - Number(forbidden.has(one)));
};

/** The comparisons with something forbidden first, then those in which most cells open or close. */
export const rankedComparisons = (result: ComparedResult): readonly Comparison[] => {
  const weigh = (one: Comparison): readonly [forbidden: number, changed: number] => {
    const { sure, maybe } = forbiddenCells({ ...result, comparisons: [one] });
    return [sure > 0 ? 2 : Number(maybe > 0), one.counts.opened + one.counts.closed];
  };
  const weights = new Map(result.comparisons.map((one) => [one, weigh(one)]));
  const weightOf = (one: Comparison) => weights.get(one) ?? [0, 0];
  return result.comparisons.toSorted((one, other) => {
    const [a, b] = [weightOf(one), weightOf(other)];
    return b[0] - a[0] || b[1] - a[1] || Number(isChanged(other)) - Number(isChanged(one));
  });
};

/** A printable line for each group that changed, each policy and each kind of changed ends. */
export const comparedFindings = (comparison: Comparison, result: ComparedResult): readonly string[] => {
  const lines = [
    ...rankedGroups(comparison, result)
      .filter(({ change }) => change !== 'undecided')
      .map((group) => `${changeText(group)}: ${cellsText(group)}; ${whyText(group)}`),
    ...comparison.policies.map(policyText),
    ...endLines(comparison.ends),
  ];
  const rest = andMore(lines.length - LINES_AT_MOST).trim();
  return [...lines.slice(0, LINES_AT_MOST), ...(rest === '' ? [] : [rest])].map(printable);
};

export const changeText = ({ change, wanted }: CellGroup): string =>
  `${CHANGE_WORDS[change]}${wanted ? ', as wanted' : ''}`;

/** Scenarios that only one side has, and on which. */
export const lonelyScenarios = ({
  added,
  removed,
}: ComparedResult): readonly { readonly name: string; readonly text: string }[] => [
  ...added.map((name) => ({ name, text: 'only after the change, so there is nothing to compare it with' })),
  ...removed.map((name) => ({ name, text: 'only before the change, so there is nothing to compare it with' })),
];
