import type { Cell } from '../matrix/index.ts';
import { portText } from '../scenario/index.ts';
import { markOf } from './mark.ts';

/** A column of the picture: one port of a destination. */
export interface Column {
  readonly to: string;
  /** `80/TCP`, or `80/TCP v6` if the cluster has both families. */
  readonly head: string;
}

/** A matrix for display. Rows are sources; the columns of a destination are side by side. */
export interface Picture {
  readonly rows: readonly string[];
  readonly columns: readonly Column[];
  /** One cell for each look that occurs: cells of one look have the same mark and status. The first is a blank. */
  readonly looks: readonly (Cell | undefined)[];
  /** The look of each cell, as an index into `looks`, row by row. */
  readonly places: Uint8Array;
}

/** A destination while its columns are being counted, each by its first cell. */
interface Destination {
  readonly ports: Cell[];
  firstColumn: number;
}

/** The matrix as a picture of every row and column, in the order of the cells. */
export const pictureOf = (cells: readonly Cell[]): Picture => {
  const rowOf = new Map<string, number>();
  const destinations = new Map<string, Destination>();
  for (const cell of cells) {
    if (!rowOf.has(cell.from)) rowOf.set(cell.from, rowOf.size);
    const to = destinations.get(cell.to);
    if (to === undefined) destinations.set(cell.to, { ports: [cell], firstColumn: 0 });
    else if (portIn(to, cell) < 0) to.ports.push(cell);
  }
  const columns: Column[] = [];
  for (const to of destinations.values()) {
    to.firstColumn = columns.length;
    columns.push(...to.ports.map((cell) => ({ to: cell.to, head: columnHead(cell) })));
  }
  const looks = createLooks();
  const places = new Uint8Array(rowOf.size * columns.length);
  for (const cell of cells) {
    const to = destinations.get(cell.to) as Destination;
    const row = rowOf.get(cell.from) as number;
    places[row * columns.length + to.firstColumn + portIn(to, cell)] = looks.placeOf(cell);
  }
  return { rows: [...rowOf.keys()], columns, looks: looks.all, places };
};

const portIn = ({ ports }: Destination, { port, protocol, family }: Cell): number =>
  ports.findIndex((one) => one.port === port && one.protocol === protocol && one.family === family);

/** `80/TCP`, or `80/TCP v6` if the cluster has both families. */
export const columnHead = ({ port, protocol, family }: Pick<Cell, 'port' | 'protocol' | 'family'>): string =>
  `${portText({ number: port, protocol })}${family === undefined ? '' : ` v${family.slice(-1)}`}`;

const createLooks = () => {
  const all: (Cell | undefined)[] = [undefined];
  const known = new Map<string, Map<string, number>>();
  const placeOf = (cell: Cell): number => {
    const ofStatus = known.get(cell.status) ?? new Map<string, number>();
    known.set(cell.status, ofStatus);
    const mark = markOf(cell);
    const place = ofStatus.get(mark) ?? all.push(cell) - 1;
    ofStatus.set(mark, place);
    return place;
  };
  return { all, placeOf };
};

/** One cell for each look in use, for a legend. */
export const looksIn = ({ looks, places }: Picture): readonly Cell[] => {
  const used = new Set(places);
  return looks.filter((cell, place): cell is Cell => cell !== undefined && used.has(place));
};

/** The rows with a mismatch, then the others. */
export const mismatchesFirst = (picture: Picture): Picture => {
  const { rows, columns, looks, places } = picture;
  const failing = looks.map((cell) => cell?.status === 'mismatch' || cell?.status === 'flaky');
  const rowAt = (row: number) => places.subarray(row * columns.length, (row + 1) * columns.length);
  const [first = [], rest = []] = [true, false].map((wanted) =>
    [...rows.keys()].filter((row) => rowAt(row).some((place) => failing[place]) === wanted),
  );
  const order = [...first, ...rest];
  const moved = new Uint8Array(places.length);
  for (const [to, from] of order.entries()) moved.set(rowAt(from), to * columns.length);
  return { ...picture, rows: order.map((row) => rows[row] as string), places: moved };
};
