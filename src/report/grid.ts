import { printable } from '../text.ts';
import { widthOf } from '../width.ts';
import type { Colours } from './colours.ts';
import { flow, pad } from './layout.ts';
import { markOf, paint, placed } from './mark.ts';
import type { Column, Picture } from './picture.ts';

const GAP = '  ';

/** A drawn column: the picture's `index`-th, `width` wide. */
interface Drawn extends Column {
  readonly index: number;
  readonly width: number;
}

type DrawCell = (row: number, column: Drawn) => string;

/** In more blocks than this the picture is taken apart so much that numbers, or groups, serve better than names. */
const BLOCKS_AT_MOST = 3;

/** Whether each column stands below its own name. */
export const isNamed = (picture: Picture, width: number): boolean => {
  const left = width - widest(labelsOf(picture));
  const blocks = blocksOf(picture, left);
  return blocks.length <= BLOCKS_AT_MOST && blocks.every((block) => spanOf(block.flat()) + GAP.length <= left);
};

/** The destinations side by side in blocks. Only one that is wider than a block is broken itself, between its ports. */
const blocksOf = (picture: Picture, width: number): readonly (readonly (readonly Drawn[])[])[] => {
  const parts = byDestination(picture).flatMap((columns) => bandsOf(columns, (column) => column.width, width));
  return bandsOf(parts.map(withRoomForName), spanOf, width);
};

/**
 * The expected and the observed matrix as one picture: rows are sources, columns destinations with their ports below. If
 * it is wider than `width`, it is broken into a few blocks.
 */
export const gridLines = (picture: Picture, width: number, colours: Colours): string[] => {
  const drawCell = cellDrawer(picture, colours);
  if (!isNamed(picture, width)) return numberedLines(picture, width, drawCell);
  const labels = labelsOf(picture);
  const blocks = blocksOf(picture, width - widest(labels));
  return blocks.flatMap((block, at) => {
    const names = block.map((columns) => pad(nameOf(columns), spanOf(columns)));
    const lines = [line(['', ...names], widest(labels)), ...bandLines(labels, block.flat(), drawCell)];
    return at === 0 ? lines : ['', ...lines];
  });
};

/** The columns numbered and named below; and so are the rows, if their names leave no room for a column. */
const numberedLines = (picture: Picture, width: number, drawCell: DrawCell): string[] => {
  const labels = labelsOf(picture);
  const columns = drawn(
    picture,
    picture.columns.map((column, index) => ({ ...column, head: ` ${index + 1}` })),
  );
  const widestColumn = columns.reduce((most, column) => Math.max(most, column.width), 0);
  const fitsOne = widest(labels) + GAP.length + widestColumn <= width;
  const rowNames = fitsOne ? labels : labels.map((_, row) => `row ${row + 1}`);
  const bands = bandsOf(columns, (column) => column.width, width - widest(rowNames));
  return [
    ...bands.flatMap((band) => [...bandLines(rowNames, band, drawCell), '']),
    ...columnKey(byDestination(picture), width),
    ...(fitsOne
      ? []
      : ['', ...labels.map((label, row) => `${pad(rowNames[row] as string, widest(rowNames))}   ${label}`)]),
  ];
};

const labelsOf = ({ rows }: Picture): readonly string[] => rows.map(printable);

const byDestination = (picture: Picture): readonly (readonly Drawn[])[] => [
  ...Map.groupBy(drawn(picture, picture.columns), ({ to }) => to).values(),
];

/** A destination's name may be wider than its ports; the last port then takes the rest. */
const withRoomForName = (columns: readonly Drawn[]): readonly Drawn[] => {
  const missing = Math.max(0, widthOf(nameOf(columns)) - spanOf(columns));
  return columns.with(-1, { ...(columns.at(-1) as Drawn), width: (columns.at(-1) as Drawn).width + missing });
};

const nameOf = ([first]: readonly Drawn[]): string => printable(first?.to ?? '');

/** The columns, each as wide as its widest content. */
const drawn = ({ rows, looks, places }: Picture, columns: readonly Column[]): readonly Drawn[] => {
  const widths = looks.map((cell) => (cell ? widthOf(placed(markOf(cell))) : 0));
  return columns.map((column, index) => {
    let width = widthOf(column.head);
    for (let row = 0; row < rows.length; row += 1)
      width = Math.max(width, widths[places[row * columns.length + index] as number] as number);
    return { ...column, index, width };
  });
};

const cellDrawer = ({ columns, looks, places }: Picture, colours: Colours): DrawCell => {
  const texts = looks.map((cell) => {
    const text = cell ? placed(markOf(cell)) : '';
    return { text: cell ? paint(text, cell.status, colours) : '', width: widthOf(text) };
  });
  return (row, { index, width }) => {
    const look = texts[places[row * columns.length + index] as number] as (typeof texts)[number];
    return look.text + ' '.repeat(width - look.width);
  };
};

const spanOf = (columns: readonly Drawn[]): number =>
  columns.reduce((span, { width }) => span + width, GAP.length * Math.max(0, columns.length - 1));

const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);

/** The items side by side in as few bands as it takes. One that is wider than `width` has a band of its own. */
const bandsOf = <Item>(
  items: readonly Item[],
  spanOfItem: (item: Item) => number,
  width: number,
): readonly (readonly Item[])[] => {
  const bands: Item[][] = [];
  let left = 0;
  for (const item of items) {
    left -= GAP.length + spanOfItem(item);
    if (bands.length > 0 && left >= 0) bands.at(-1)?.push(item);
    else {
      bands.push([item]);
      left = width - GAP.length - spanOfItem(item);
    }
  }
  return bands;
};

const bandLines = (labels: readonly string[], columns: readonly Drawn[], drawCell: DrawCell): readonly string[] => {
  const labelWidth = widest(labels);
  return [
    line(['', ...columns.map(({ head, width }) => pad(head, width))], labelWidth),
    ...labels.map((label, row) => line([label, ...columns.map((column) => drawCell(row, column))], labelWidth)),
  ];
};

const line = ([label = '', ...rest]: readonly string[], labelWidth: number): string =>
  [pad(label, labelWidth), ...rest].join(GAP).trimEnd();

/** The numbers of the columns, one destination after the other: `prod/api   2 8080/TCP   3 53/UDP`. */
const columnKey = (destinations: readonly (readonly Drawn[])[], width: number): readonly string[] => {
  const nameWidth = widest(destinations.map(nameOf));
  return destinations.flatMap((columns) => {
    const ports = flow(
      columns.map(({ index, head }) => `${index + 1} ${head}`),
      width - nameWidth - 3,
      '   ',
    );
    return ports.map((text, at) => `${pad(at === 0 ? nameOf(columns) : '', nameWidth)}   ${text}`);
  });
};
