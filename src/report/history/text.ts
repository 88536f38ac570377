/** The history for people: a table of cells with a mark for each run, and how time to enforce moves. */
import { type CellTrend, isEventful, type Mark, type StepTrend, type Times } from '../../history/index.ts';
import { portText } from '../../scenario/index.ts';
import { durationText } from '../../stopwatch.ts';
import { plural, printable } from '../../text.ts';
import { widthOf } from '../../width.ts';
import { wrapped } from '../../wrap.ts';
import { type Colours, coloursOf } from '../colours.ts';
import { flow, pad } from '../layout.ts';
import { sparkline } from './sparkline.ts';

export interface HistoryOptions {
  readonly colour: boolean;
  /** Cells that never changed are listed, too. */
  readonly full: boolean;
  readonly width?: number;
}

const DEFAULT_WIDTH = 100;
const INDENT = '  ';
const CELLS_AT_MOST = 1_000;
/** With room for fewer marks a cell takes two lines. */
const LEAST_MARKS = 10;

const WORDS: Readonly<Record<Mark, string>> = {
  '.': 'allowed',
  X: 'dropped',
  R: 'rejected',
  '?': 'error',
  '-': 'unsupported',
  '~': 'flaky',
};

const LEGEND = 'a mark for each run, the latest last:';

/** Lines that are printable, none wider than `width` except for a name that is. */
export const historyLines = (
  trends: readonly StepTrend[],
  { colour, full, width = DEFAULT_WIDTH }: HistoryOptions,
): readonly string[] => {
  const colours = coloursOf(colour);
  const steps = trends.flatMap((trend) => [...stepLines(trend, { colours, full, width }), '']);
  const marks = Object.entries(WORDS).map(([mark, word]) => `${mark} ${word}`);
  return [...steps, ...flow([LEGEND, ...marks], width, '   ')];
};

interface View {
  readonly colours: Colours;
  readonly full: boolean;
  readonly width: number;
}

const stepLines = (trend: StepTrend, view: View): readonly string[] => {
  const { scenario, step, runs } = trend;
  const name = step === scenario ? scenario : `${scenario}: ${step}`;
  const [first, last] = [runs[0]?.at ?? '', runs.at(-1)?.at ?? ''];
  const span = runs.length > 1 ? `${momentText(first)} to ${momentText(last)}` : momentText(first);
  const failed = runs.filter(({ status }) => status === 'fail' || status === 'error').length;
  const facts = `${plural(runs.length, 'run')}, ${span} UTC${failed > 0 ? `, ${failed} not passed` : ''}`;
  return [
    ...wrapped(printable(name), view.width).map((line) => view.colours.bold(line)),
    ...indented([...wrapped(facts, view.width - INDENT.length), ...cellLines(trend, view), ...timeLines(trend, view)]),
  ];
};

const cellLines = ({ cells }: StepTrend, view: View): readonly string[] => {
  const eventful = cells.filter(isEventful);
  const chosen = view.full ? cells : eventful;
  const shown = chosen.slice(0, CELLS_AT_MOST);
  const quiet = cells.length - eventful.length;
  return [
    ...(shown.length > 0 ? tableLines(shown, view) : []),
    ...(chosen.length > shown.length ? [`… and ${plural(chosen.length - shown.length, 'more cell')}`] : []),
    ...(quiet > 0 && !view.full ? [`${plural(quiet, 'cell')} never changed`] : []),
  ];
};

const tableLines = (cells: readonly CellTrend[], { colours, width }: View): readonly string[] => {
  const rows = cells.map((cell) => [cellText(cell), WORDS[cell.now], sinceText(cell), changesText(cell)]);
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? '')))) ?? [];
  const room = width - INDENT.length;
  const factsWidth = widths.slice(1).reduce((sum, one) => sum + one + INDENT.length, 0);
  const left = room - (widths[0] ?? 0) - factsWidth - INDENT.length;
  return rows.flatMap(([name = '', ...facts], at) => {
    const { marks, flaps, now } = cells[at] as CellTrend;
    const shownName = flaps || now === '?' ? colours.yellow(name) : name;
    const aligned = facts.map((fact, column) => pad(fact, widths[column + 1] ?? 0)).join(INDENT);
    if (left >= LEAST_MARKS)
      return [
        `${shownName}${' '.repeat((widths[0] ?? 0) - widthOf(name))}${INDENT}${aligned}${INDENT}${latest(marks, left)}`,
      ];
    const below = room - INDENT.length;
    const fits = below - factsWidth >= LEAST_MARKS;
    return fits
      ? [shownName, `${INDENT}${aligned}${INDENT}${latest(marks, below - factsWidth)}`]
      : [shownName, ...indented(wrapped(facts.join(', '), below)), `${INDENT}${latest(marks, below)}`];
  });
};

/** The last marks, and nothing that is only space. */
const latest = (marks: string, most: number): string => marks.slice(-most).trimEnd();

const cellText = ({ from, to, port, protocol, family }: CellTrend): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}${family === undefined ? '' : ` ${family}`}`;

const sinceText = ({ since, before }: CellTrend): string => (before === null ? 'always' : `since ${momentText(since)}`);

const changesText = ({ changes, flaps }: CellTrend): string => `${plural(changes, 'change')}${flaps ? ', flaps' : ''}`;

/** `2026-11-27 02:00` */
const momentText = (at: string): string => at.slice(0, 16).replace('T', ' ');

const timeLines = ({ runs }: StepTrend, { width }: View): readonly string[] =>
  (['opened', 'closed'] as const).flatMap((direction) => {
    const times = runs.map((run) => run[direction]);
    const known = times.flatMap((one) => one ?? []);
    const last = known.at(-1);
    if (!last) return [];
    const medians = known.map(({ medianMs }) => medianMs);
    const range = `${durationText(Math.min(...medians))} to ${durationText(Math.max(...medians))}`;
    const text = `time to enforce, ${direction}: median ${durationText(last.medianMs)}, max ${durationText(last.maxMs)}; medians ${range}`;
    const bars = (room: number): string => sparkline(times.slice(-room).map(medianOf));
    const left = width - 2 * INDENT.length - widthOf(text);
    if (left >= Math.min(LEAST_MARKS, times.length)) return [`${text}${INDENT}${bars(left)}`.trimEnd()];
    return [...wrapped(text, width - INDENT.length), `${INDENT}${bars(width - 2 * INDENT.length)}`.trimEnd()];
  });

const medianOf = (times: Times | undefined): number | undefined => times?.medianMs;

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `${INDENT}${line}`);
