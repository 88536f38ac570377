import type { CellGroup, ComparedResult, Comparison } from '../../compare/index.ts';
import { plural } from '../../text.ts';
import { type Block, code } from '../markdown-text.ts';
import { type LiveState, liveStates } from './live.ts';
import { changeText, comparedVerdict, isChanged, rankedComparisons, rankedGroups } from './outcome.ts';
import { cellsText, countsText, endLines, policyText, whyText } from './words.ts';

/** So that no comparison takes the place of all others. */
const ROWS_AT_MOST = 200;
const ROWS_OF_SEVERAL = 40;
const POLICIES_AT_MOST = 40;
const NAMES_AT_MOST = 20;
const LINES_AT_MOST = 40;

/** A comparison in blocks: the verdict, then what is forbidden, then where most changed; what is unchanged in a line. */
export const comparedBlocks = (result: ComparedResult): readonly Block[] => {
  const ranked = rankedComparisons(result);
  const changed = ranked.filter(isChanged);
  const others = ranked.filter((comparison) => !isChanged(comparison));
  const rowsAtMost = changed.length > 1 ? ROWS_OF_SEVERAL : ROWS_AT_MOST;
  return [
    { text: `### podreach: ${code(result.before)} → ${code(result.after)}\n\n` },
    ...verdictBlocks(result),
    ...changed.flatMap((comparison) => comparisonBlocks(comparison, result, rowsAtMost)),
    ...(others.length === 1 || changed.length === 0 ? others.flatMap((one) => comparisonBlocks(one, result, 0)) : []),
    ...(others.length > 1 && changed.length > 0
      ? [
          namesBlock(
            'Unchanged',
            others.map(({ name }) => name),
          ),
        ]
      : []),
    ...(result.added.length > 0 ? [namesBlock('Only after the change', result.added)] : []),
    ...(result.removed.length > 0 ? [namesBlock('Only before the change', result.removed)] : []),
  ];
};

const namesBlock = (what: string, names: readonly string[]): Block => {
  const more = names.length - NAMES_AT_MOST;
  const shown = names.slice(0, NAMES_AT_MOST).map(code).join(', ');
  return { text: `${what}: ${shown}${more > 0 ? ` and ${more} more` : ''}\n\n` };
};

const verdictBlocks = (result: ComparedResult): readonly Block[] => {
  const verdict = comparedVerdict(result);
  return verdict ? [{ text: `**${verdict.outcome}:** ${verdict.text}\n\n` }] : [];
};

const comparisonBlocks = (comparison: Comparison, result: ComparedResult, rowsAtMost: number): readonly Block[] => {
  const groups = rankedGroups(comparison, result).filter(({ change }) => change !== 'undecided');
  const shown = groups.slice(0, rowsAtMost);
  const { policies, ends } = comparison;
  const more = policies.length - POLICIES_AT_MOST;
  return [
    { text: `**${code(comparison.name)}**: ${countsText(comparison)}\n\n`, about: ['comparison', 'comparisons'] },
    ...(shown.length > 0 ? [{ text: '| | cells | because |\n| --- | --- | --- |\n' }] : []),
    ...shown.map((group): Block => ({ text: rowText(group), about: ['change', 'changes'] })),
    ...restBlocks(groups.slice(rowsAtMost)),
    ...(groups.length > 0 ? [{ text: '\n' }] : []),
    ...policies.slice(0, POLICIES_AT_MOST).map((policy): Block => {
      return { text: `- ${code(policyText(policy))}\n`, about: ['policy', 'policies'] };
    }),
    ...(more > 0 ? [{ text: `- and ${plural(more, 'more policy', 'more policies')}\n` }] : []),
    ...endLines(ends).map((line) => ({ text: `- ${code(line)}\n` })),
    { text: '\n' },
    ...liveStates(comparison).map(stateBlock),
  ];
};

/** Folded, because a state that was proven is of interest to few. */
const stateBlock = ({ title, outcome, text, lines }: LiveState): Block => {
  const head = `**${outcome}** ${title}: ${code(text)}\n\n`;
  const shown = lines.slice(0, LINES_AT_MOST).map((line) => `${code(line)}<br>\n`);
  const more = lines.length > shown.length ? `and ${plural(lines.length - shown.length, 'more line')}\n` : '';
  const details =
    shown.length > 0 ? `<details><summary>details</summary>\n\n${shown.join('')}${more}\n</details>\n\n` : '';
  return { text: head + details, about: ['live state', 'live states'] };
};

const rowText = (group: CellGroup): string =>
  `| ${changeText(group)} | ${code(cellsText(group))} | ${code(whyText(group))} |\n`;

const restBlocks = (groups: readonly CellGroup[]): readonly Block[] => {
  if (groups.length === 0) return [];
  const cells = groups.reduce((sum, group) => sum + group.cells, 0);
  return [{ text: `| | and ${plural(groups.length, 'more row')} (${plural(cells, 'cell')}) | |\n` }];
};
