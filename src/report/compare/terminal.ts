import type { CellGroup, Change, ComparedResult, Comparison } from '../../compare/index.ts';
import { bounded, listed, plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { type Colours, coloursOf } from '../colours.ts';
import type { Outcome } from '../outcome.ts';
import type { ReporterOptions } from '../reporter.ts';
import { howText, type LiveState, liveOutcome, liveStates } from './live.ts';
import { comparedVerdict, isChanged } from './outcome.ts';
import { CHANGE_WORDS, cellsText, countsText, endLines, headlineText, policyText, whyText } from './words.ts';

const CAUSES_AT_MOST = 12;
const LINES_AT_MOST = 5;
const POLICIES_AT_MOST = 20;

const INDENT = '  ';
/** A cause that goes on must not look like the cells below it. */
const BEYOND_CELLS = '    ';

/** A comparison for people, about a page: what changed by its causes, then policies and ends that differ. */
export const comparedText = (result: ComparedResult, { colour, width }: ReporterOptions): string => {
  const colours = coloursOf(colour);
  const lines = [
    printable(`${headlineText(result.comparisons)}: ${result.before} → ${result.after} (${howText(result)})`),
    ...result.comparisons.flatMap((comparison) => [...comparisonLines(comparison, colours, width), '']),
    ...scenarioLines('only after the change', result.added),
    ...scenarioLines('only before the change', result.removed),
    ...liveLines(result, colours),
    ...verdictLines(result, colours),
  ];
  const commands = commandsIn(result);
  return lines
    .flatMap((line) => (commands.has(line.trim()) ? [line] : wrapped(line, width)))
    .map((line) => `${line}\n`)
    .join('');
};

/** They are there to be copied. */
const commandsIn = ({ comparisons }: ComparedResult): ReadonlySet<string> =>
  new Set(
    comparisons
      .flatMap(({ live }) => live?.steps.flatMap(({ repeat }) => [...(repeat?.values() ?? [])]) ?? [])
      .map(printable),
  );

const comparisonLines = (comparison: Comparison, colours: Colours, width: number | undefined): string[] => {
  const { name, policies, ends, groups } = comparison;
  const sections = [
    ...(Object.keys(CHANGE_WORDS) as Change[]).map((change) => changeLines(change, groups, colours, width)),
    bounded(policies, POLICIES_AT_MOST, (policy) => [printable(policyText(policy))]),
    endLines(ends).map(printable),
    ...liveStates(comparison).map((state) => stateLines(state, colours)),
  ];
  return [
    `${isChanged(comparison) ? 'changed' : 'same'}  ${colours.bold(printable(name))}`,
    `  ${countsText(comparison)}`,
    ...sections
      .filter((lines) => lines.length > 0)
      .flatMap((lines) => ['', ...lines.map((line) => `${INDENT}${line}`)]),
  ];
};

const changeLines = (
  change: Change,
  all: readonly CellGroup[],
  colours: Colours,
  width: number | undefined,
): string[] => {
  const groups = all.filter((group) => group.change === change);
  if (groups.length === 0) return [];
  const count = groups.reduce((sum, { cells }) => sum + cells, 0);
  const heading = paint(change, `${CHANGE_WORDS[change]}: ${plural(count, 'cell')}`, colours);
  const byCause = [...Map.groupBy(groups, whyText)].toSorted(([, one], [, other]) => sizeOf(other) - sizeOf(one));
  return [
    heading,
    ...bounded(byCause, CAUSES_AT_MOST, ([why, own]) => [
      ...wrapped(`  ${printable(why)}`, width && width - INDENT.length, BEYOND_CELLS),
      ...bounded(own, LINES_AT_MOST, (group) => [
        `  ${printable(cellsText(group))}${group.wanted ? ', as wanted' : ''}`,
      ]).map((line) => `  ${line}`),
    ]),
  ];
};

const stateLines = ({ title, outcome, text, lines }: LiveState, colours: Colours): string[] => [
  `${OUTCOMES[outcome](colours)(outcome)}  ${printable(`${title}: ${text}`)}`,
  ...lines.map((line) => `  ${line}`),
];

const OUTCOMES: Readonly<Record<Outcome, (colours: Colours) => (text: string) => string>> = {
  passed: ({ green }) => green,
  failed: ({ red }) => red,
  error: ({ magenta }) => magenta,
  skipped: ({ yellow }) => yellow,
};

const sizeOf = (groups: readonly CellGroup[]): number => groups.reduce((sum, { cells }) => sum + cells, 0);

const paint = (change: Change, text: string, colours: Colours): string => {
  if (change === 'opened') return colours.bold(colours.green(text));
  if (change === 'closed') return colours.bold(colours.red(text));
  return change.startsWith('may-') ? colours.bold(colours.yellow(text)) : colours.bold(text);
};

const scenarioLines = (when: string, names: readonly string[]): string[] =>
  names.length > 0 ? [printable(`${plural(names.length, 'scenario')} ${when}: ${listed(names)}`)] : [];

const liveLines = (result: ComparedResult, colours: Colours): string[] => {
  const outcome = liveOutcome(result);
  return outcome ? [colours.bold(OUTCOMES[outcome](colours)(LIVE_WORDS[outcome]))] : [];
};

const LIVE_WORDS: Readonly<Record<Outcome, string>> = {
  passed: 'passed: both states are as predicted live',
  failed: 'failed: not all is as predicted live',
  error: 'error: the live proof broke',
  skipped: 'error: not all can be proven live on this host',
};

const verdictLines = (result: ComparedResult, colours: Colours): string[] => {
  const verdict = comparedVerdict(result);
  if (!verdict) return [];
  return [colours.bold(OUTCOMES[verdict.outcome](colours)(`${verdict.outcome}: ${verdict.text}`))];
};
