/** The body of the page about a comparison, which needs no script. */
import type { CellGroup, Change, ComparedResult, Comparison } from '../../compare/index.ts';
import { bounded, plural, printable } from '../../text.ts';
import { howText, type LiveState, liveStates } from '../compare/live.ts';
import { comparedVerdict } from '../compare/outcome.ts';
import { CHANGE_WORDS, cellsText, countsText, endLines, policyText, whyText } from '../compare/words.ts';
import { escaped } from './document.ts';

const GROUPS_AT_MOST = 2_000;
const LISTED_AT_MOST = 500;

export function* comparedBody(result: ComparedResult): Generator<string> {
  yield `<header class="top"><h1>podreach compare</h1>\n${paragraph(`${result.before} → ${result.after} (${howText(result)})`)}`;
  yield `${verdictOf(result)}</header>\n<main>\n`;
  for (const comparison of result.comparisons) yield* comparisonParts(comparison);
  yield listUnder('Only after the change', result.added);
  yield listUnder('Only before the change', result.removed);
  yield '</main>\n';
}

const verdictOf = (result: ComparedResult): string => {
  const verdict = comparedVerdict(result);
  return verdict ? paragraph(`${verdict.outcome}: ${verdict.text}`) : '';
};

function* comparisonParts(comparison: Comparison): Generator<string> {
  const { name, groups, policies, ends } = comparison;
  yield `<section><h2>${text(name)}</h2>\n${paragraph(countsText(comparison))}`;
  const shown = groups
    .filter(({ change }) => change !== 'undecided')
    .toSorted(byChange)
    .slice(0, GROUPS_AT_MOST);
  if (shown.length > 0) {
    yield '<table>\n<thead><tr><th scope="col">Change</th><th scope="col">Cells</th><th scope="col">Because</th></tr></thead>\n<tbody>\n';
    for (const group of shown) yield rowOf(group);
    yield '</tbody>\n</table>\n';
  }
  const missing = groups.filter(({ change }) => change !== 'undecided').length - shown.length;
  if (missing > 0) yield paragraph(`and ${plural(missing, 'more group')}, which the JSON report has`);
  yield listUnder('Policies', policies.map(policyText));
  yield listUnder('Ends', endLines(ends));
  for (const state of liveStates(comparison)) yield stateText(state);
  yield '</section>\n';
}

/** Times and findings are in columns. */
const stateText = ({ title, outcome, text: said, lines }: LiveState): string => {
  const shown = bounded(lines, LISTED_AT_MOST, (line) => [escaped(line)]);
  return `<h3>${text(title)}</h3>\n${paragraph(`${outcome}: ${said}`)}${shown.length > 0 ? `<pre>${shown.join('\n')}</pre>\n` : ''}`;
};

const ORDER = Object.keys(CHANGE_WORDS) as readonly Change[];

const byChange = (one: CellGroup, other: CellGroup): number => ORDER.indexOf(one.change) - ORDER.indexOf(other.change);

const rowOf = (group: CellGroup): string =>
  `<tr><th scope="row">${text(`${CHANGE_WORDS[group.change]}${group.wanted ? ', wanted' : ''}`)}</th><td>${text(cellsText(group).replace(' -> ', ' → '))}</td><td>${text(whyText(group))}</td></tr>\n`;

const listUnder = (heading: string, lines: readonly string[]): string => {
  if (lines.length === 0) return '';
  const items = bounded(lines, LISTED_AT_MOST, (line) => [`<li>${text(line)}</li>`]);
  return `<h3>${heading}</h3>\n<ul>\n${items.map((item) => (item.startsWith('<li>') ? item : `<li>${item}</li>`)).join('\n')}\n</ul>\n`;
};

const paragraph = (line: string): string => `<p>${text(line)}</p>\n`;

const text = (line: string): string => escaped(printable(line));
