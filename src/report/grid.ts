import type { Cell } from '../matrix/index.ts';
import { portText } from '../scenario/index.ts';
import type { Colours } from './colours.ts';
import { markOf, paint, placed } from './mark.ts';
import { flow, pad, printable, widthOf } from './printable.ts';

const GAP = '  ';

/** One column: the cells of one destination's port, by source. */
interface Column {
  readonly head: string;
  readonly bySource: ReadonlyMap<string, Cell>;
}

interface Destination {
  readonly name: string;
  readonly columns: readonly Column[];
}

interface Sized extends Column {
  readonly width: number;
}

/**
 * The expected and the observed matrix as one picture: rows are sources, columns destinations with their ports below.
 * Where that is wider than `width` the columns are numbered, broken into as many bands as it takes, and named below.
 */
export const gridLines = (cells: readonly Cell[], width: number, colours: Colours): string[] => {
  const sources = [...new Set(cells.map(({ from }) => from))];
  const destinations = destinationsOf(cells);
  const labelWidth = Math.max(0, ...sources.map((source) => widthOf(printable(source))));
  const groups = destinations.map(({ name, columns }) => ({ name, columns: widened(name, columns.map(sized)) }));
  const rows = (columns: readonly Sized[]) => sources.map((source) => row(source, columns, labelWidth, colours));

  const named = groups.flatMap(({ columns }) => columns);
  if (labelWidth + spanOf(named) + GAP.length <= width) {
    const names = groups.map(({ name, columns }) => pad(name, spanOf(columns)));
    return [line(['', ...names], labelWidth), heads(named, labelWidth), ...rows(named)];
  }
  const numbered = named.map((column, index) => ({ ...column, head: ` ${index + 1}` })).map(sized);
  const bands = bandsOf(numbered, width - labelWidth);
  return [...bands.flatMap((band) => [heads(band, labelWidth), ...rows(band), '']), ...keyLines(destinations, width)];
};

const destinationsOf = (cells: readonly Cell[]): Destination[] =>
  [...Map.groupBy(cells, ({ to }) => to)].map(([to, toIt]) => ({
    name: printable(to),
    columns: [...Map.groupBy(toIt, columnHead)].map(([head, onPort]) => ({
      head,
      bySource: new Map(onPort.map((cell) => [cell.from, cell])),
    })),
  }));

/** `80/TCP`, or `80/TCP v6` where the cluster has both families. */
const columnHead = ({ port, protocol, family }: Cell): string =>
  `${portText({ number: port, protocol })}${family === undefined ? '' : ` v${family.slice(-1)}`}`;

const sized = (column: Column): Sized => {
  const marks = [...column.bySource.values()].map((cell) => widthOf(placed(markOf(cell))));
  return { ...column, width: Math.max(widthOf(column.head), ...marks) };
};

/** A destination's name may be wider than its ports: its last column takes the rest. */
const widened = (name: string, columns: readonly Sized[]): Sized[] => {
  const missing = Math.max(0, widthOf(name) - spanOf(columns));
  return columns.map((column, index) =>
    index === columns.length - 1 ? { ...column, width: column.width + missing } : column,
  );
};

const spanOf = (columns: readonly Sized[]): number =>
  columns.reduce((span, { width }) => span + width, GAP.length * Math.max(0, columns.length - 1));

const bandsOf = (columns: readonly Sized[], width: number): Sized[][] => {
  const bands: Sized[][] = [];
  for (const column of columns) {
    const last = bands.at(-1);
    if (last !== undefined && GAP.length + spanOf([...last, column]) <= width) last.push(column);
    else bands.push([column]);
  }
  return bands;
};

const heads = (columns: readonly Sized[], labelWidth: number): string =>
  line(['', ...columns.map(({ head, width }) => pad(head, width))], labelWidth);

const row = (source: string, columns: readonly Sized[], labelWidth: number, colours: Colours): string =>
  line([printable(source), ...columns.map((column) => markIn(column, source, colours))], labelWidth);

const markIn = ({ bySource, width }: Sized, source: string, colours: Colours): string => {
  const cell = bySource.get(source);
  if (cell === undefined) return ' '.repeat(width);
  const text = placed(markOf(cell));
  return paint(text, cell.status, colours) + ' '.repeat(width - widthOf(text));
};

const line = ([label = '', ...rest]: readonly string[], labelWidth: number): string =>
  [pad(label, labelWidth), ...rest].join(GAP).trimEnd();

/** The numbers of the columns, one destination after the other: `prod/api   2 8080/TCP   3 53/UDP`. */
const keyLines = (destinations: readonly Destination[], width: number): string[] => {
  const nameWidth = Math.max(0, ...destinations.map(({ name }) => widthOf(name)));
  let number = 0;
  return destinations.flatMap(({ name, columns }) => {
    const ports = flow(
      columns.map(({ head }) => `${++number} ${head}`),
      width - nameWidth - 3,
      '   ',
    );
    return ports.map((text, index) => `${pad(index === 0 ? name : '', nameWidth)}   ${text}`);
  });
};
