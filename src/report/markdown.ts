/**
 * Markdown for GITHUB_STEP_SUMMARY and for a comment on a pull request. All text that is not podreach's own stands in
 * <code>, where GitHub makes neither links nor mentions of it, and every sign of it that Markdown or HTML knows is an
 * entity.
 */
import type { ComparedResult, Comparison } from '../compare/index.ts';
import type { RunResult, ScenarioResult } from '../matrix/index.ts';
import { excerpt, plural } from '../text.ts';
import { coloursOf } from './colours.ts';
import { forbiddenCells } from './compare/verdict.ts';
import { CHANGE_WORDS, cellsText, countsText, policyText, whyText } from './compare/words.ts';
import { outcomeText } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';
import { STATUS_WORDS, summaryLines } from './summary.ts';

/** Of a comment on a pull request; a step summary may have 1 MiB. Bytes, so that it holds however they are counted. */
const BYTES_AT_MOST = 65_536;
/** For the line that says what is missing. */
const RESERVE_BYTES = 200;
const TEXT_CODE_POINTS = 400;
const FINDINGS_AT_MOST = 40;
const GROUPS_AT_MOST = 200;

export const createMarkdown: CreateReporter = () => ({
  onEnd: (result) => fitted(runBlocks(result)),
  onCompared: (result) => fitted(comparedBlocks(result)),
});

/** The blocks that fit, in their order, and how many do not. */
const fitted = (blocks: readonly string[]): readonly string[] => {
  let left = BYTES_AT_MOST - RESERVE_BYTES;
  const kept: string[] = [];
  for (const block of blocks) {
    const bytes = Buffer.byteLength(block);
    if (bytes > left) break;
    left -= bytes;
    kept.push(block);
  }
  const missing = blocks.length - kept.length;
  return missing === 0 ? kept : [...kept, `\n${plural(missing, 'more part')} of this report did not fit here.\n`];
};

/** What did not pass comes first. */
const RANK: Readonly<Record<ScenarioResult['status'], number>> = { error: 0, fail: 1, unjudged: 2, pass: 3 };

const runBlocks = (result: RunResult): readonly string[] => {
  const { scenarios, problem } = result;
  const ranked = scenarios.toSorted((one, other) => RANK[one.status] - RANK[other.status]);
  return [
    '### podreach\n\n',
    ...summaryLines(result, coloursOf(false)).map((line) => `${line}\n\n`),
    ...(problem === undefined ? [] : [`**error:** ${code(problem)}\n\n`]),
    ...(scenarios.length > 0 ? ['| | scenario | |\n| --- | --- | --- |\n'] : []),
    ...ranked.map(rowText),
    ...ranked.flatMap(findingsText),
  ];
};

const rowText = ({ name, status, steps }: ScenarioResult): string => {
  const telling = steps.find((step) => step.status === status);
  const why = status === 'pass' || !telling ? '' : code(outcomeText(telling));
  return `| ${STATUS_WORDS[status]} | ${code(name)} | ${why} |\n`;
};

const findingsText = ({ name, status, steps }: ScenarioResult): readonly string[] => {
  const lines = status === 'pass' ? [] : steps.flatMap((step) => stepFindings(step).flat());
  if (lines.length === 0) return [];
  const shown = lines.slice(0, FINDINGS_AT_MOST).map((line) => `${code(line)}<br>\n`);
  const more = lines.length > shown.length ? `and ${plural(lines.length - shown.length, 'more line')}\n` : '';
  return [`\n<details><summary>${code(name)}</summary>\n\n${shown.join('')}${more}\n</details>\n`];
};

const comparedBlocks = (result: ComparedResult): readonly string[] => [
  `### podreach: ${code(result.before)} → ${code(result.after)}\n\n`,
  ...verdictText(result),
  ...result.comparisons.flatMap(comparisonBlocks),
  ...result.added.map((name) => `Only after the change: ${code(name)}\n\n`),
  ...result.removed.map((name) => `Only before the change: ${code(name)}\n\n`),
];

const verdictText = (result: ComparedResult): readonly string[] => {
  if (result.forbidden.length === 0) return [];
  const { sure, maybe } = forbiddenCells(result);
  const what = result.forbidden.join(' or ');
  if (sure > 0) return [`**failed:** ${plural(sure, 'cell')} ${what}, which is forbidden\n\n`];
  if (maybe > 0) return [`**error:** ${plural(maybe, 'cell')} may be ${what}, which is forbidden\n\n`];
  return [`**passed:** nothing is ${what} that is not wanted\n\n`];
};

const comparisonBlocks = (comparison: Comparison): readonly string[] => {
  const groups = comparison.groups.filter(({ change }) => change !== 'undecided').slice(0, GROUPS_AT_MOST);
  return [
    `**${code(comparison.name)}**: ${countsText(comparison)}\n\n`,
    ...(groups.length > 0 ? ['| | cells | because |\n| --- | --- | --- |\n'] : []),
    ...groups.map((group) => {
      const wanted = group.wanted ? ', wanted' : '';
      return `| ${CHANGE_WORDS[group.change]}${wanted} | ${code(cellsText(group))} | ${code(whyText(group))} |\n`;
    }),
    ...(groups.length > 0 ? ['\n'] : []),
    ...comparison.policies.map((policy) => `- ${code(policyText(policy))}\n`),
    '\n',
  ];
};

/** Everything in ASCII but letters, digits, blanks and what stands in most names. */
const code = (text: string): string =>
  `<code>${excerpt(text, TEXT_CODE_POINTS).replace(/[!-,:-@[-`{-~.]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;
