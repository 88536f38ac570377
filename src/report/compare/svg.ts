/** What a change opens and closes as one picture: rows are sources, columns destinations with their ports. */
import type { ComparedResult, Comparison } from '../../compare/index.ts';
import { portText } from '../../scenario/index.ts';
import { bounded, excerpt, listed, plural, printable } from '../../text.ts';
import { groupLine } from '../matrix-sections.ts';
import { drawLegend, drawMatrix } from '../svg-matrix.ts';
import { type Drawing, drawLines, drawSection, svgParts } from '../svg-page.ts';
import type { EndClass } from './ends.ts';
import { howText, liveStates } from './live.ts';
import { drawnCell, legendOf, STYLE } from './looks.ts';
import { comparedFindings, comparedVerdict, lonelyScenarios, rankedComparisons, rankedGroups } from './outcome.ts';
import { type ChangedColumn, type ChangePicture, changePicture } from './picture.ts';
import { countsText } from './words.ts';

/** Rows and columns of a matrix. */
const ENDS_AT_MOST = 100;
const COMPARISONS_AT_MOST = 50;
const LINES_AT_MOST = 20;
const PORTS_AT_MOST = 3;
const TEXT_CODE_POINTS = 300;
/** Of a line, in characters. */
const KEY_WIDTH = 100;

export const comparedSvg = (result: ComparedResult): Iterable<string> => {
  const ranked = rankedComparisons(result);
  const drawn = ranked.filter(isDrawn).slice(0, COMPARISONS_AT_MOST);
  const shown = new Set(drawn);
  const title = `${result.before} → ${result.after}, ${howText(result)}`;
  const verdict = comparedVerdict(result);
  const head = [title, ...(verdict ? [`${verdict.outcome}: ${verdict.text}`] : [])];
  const lines = [
    ...ranked.filter((one) => !shown.has(one)).map((one) => `${one.name}: ${countsText(one)}`),
    ...lonelyScenarios(result).map(({ name, text }) => `${name}: ${text}`),
  ];
  return svgParts({
    title: `podreach: ${excerpt(title, TEXT_CODE_POINTS)}`,
    description: [...head.slice(1).map(printable), ...drawn.flatMap((one) => descriptionOf(one, result))].join('\n'),
    style: STYLE,
    head,
    sections: [
      ...drawn.map((comparison) => sectionOf(comparison, result)),
      ...(lines.length > 0 ? [drawLines(bounded(lines, LINES_AT_MOST, (line) => [textOf(line)]))] : []),
    ],
  });
};

const isDrawn = ({ groups }: Comparison): boolean => groups.some(({ change }) => change !== 'undecided');

/** What the picture shows, for those who do not see it. */
const descriptionOf = (comparison: Comparison, result: ComparedResult): readonly string[] => [
  textOf(`comparison ${comparison.name}: ${countsText(comparison)}`),
  ...bounded(comparedFindings(comparison, result), LINES_AT_MOST, (line) => [textOf(line)]),
];

const sectionOf = (comparison: Comparison, result: ComparedResult): Drawing => {
  const picture = changePicture(rankedGroups(comparison, result), ENDS_AT_MOST);
  const { rows, columns, cells } = picture;
  const drawn = new Map([...new Set(cells.flat())].map((cell) => [cell, drawnCell(cell)]));
  const matrix = drawMatrix({
    rows: rows.map(labelOf),
    columns: columns.map((column) => `${labelOf(column.to)} ${portsText(column)}`),
    cellAt: (row, column) => drawn.get(cells[row]?.[column]),
  });
  const states = liveStates(comparison).map(({ outcome, title, text }) => textOf(`${outcome}  ${title}: ${text}`));
  return drawSection(`${comparison.name}: ${countsText(comparison)}`, [
    matrix,
    drawLegend(legendOf([...drawn.keys()])),
    drawLines([SHOWN, ...missingLines(picture), ...memberLines(picture), ...states]),
  ]);
};

const SHOWN = 'rows and columns in which nothing changes are left out';

const labelOf = ({ members: [first = '', ...others] }: Pick<EndClass, 'members'>): string =>
  others.length > 0 ? `${first} +${others.length}` : first;

const portsText = ({ ports, family }: ChangedColumn): string =>
  `${listed(ports.map(portText), PORTS_AT_MOST)}${family === undefined ? '' : ` v${family.slice(-1)}`}`;

const missingLines = ({ missing: { rows, columns, cells } }: ChangePicture): readonly string[] =>
  rows + columns === 0
    ? []
    : [
        `not drawn: ${plural(rows, 'more row')} and ${plural(columns, 'more column')}, with ${plural(cells, 'cell')} that changed; other reports have them`,
      ];

const memberLines = ({ rows, columns }: ChangePicture): readonly string[] => {
  const classes = [...rows, ...columns.map(({ to }) => to)].filter(({ members }) => members.length > 1);
  const groups = new Map(classes.map(({ members }) => [JSON.stringify(members), members]));
  if (groups.size === 0) return [];
  const lines = bounded([...groups.values()], LINES_AT_MOST, (members) => [
    groupLine({ label: labelOf({ members }), members }, KEY_WIDTH - 2),
  ]);
  return ['rows and columns with identical marks are grouped:', ...lines.map((line) => `  ${line}`)];
};

const textOf = (text: string): string => excerpt(text, TEXT_CODE_POINTS);
