/** The matrix of a step as the page has it: the looks of its cells, row by row. */
import type { Cell } from '../../matrix/index.ts';
import { classesOf } from '../likeness.ts';
import { columnHead, type Picture, pictureOf } from '../picture.ts';
import { createLooks, SELF } from './looks.ts';
import type { PageStep } from './page-data.ts';

/** Rows that are equal, except where an end meets itself, share their runs. */
export type MatrixData = Pick<
  PageStep,
  'ends' | 'rows' | 'columns' | 'heads' | 'looks' | 'cells' | 'rowCells' | 'hasSelves' | 'groups'
>;

export interface Placed {
  readonly matrix: MatrixData;
  /** The position of each cell, in their order. */
  readonly positions: Uint32Array;
}

export const placed = (cells: readonly Cell[]): Placed => {
  const picture = pictureOf(cells);
  const looks = createLooks();
  const width = picture.columns.length;
  const ends = createNumbers();
  const heads = createNumbers();
  const rows = picture.rows.map(ends.numberOf);
  const columns = picture.columns.map(({ to, head }) => [ends.numberOf(to), heads.numberOf(head)] as const);
  const placeOf = createPlaces(picture.rows, picture.columns);
  const places = new Uint16Array(rows.length * width);
  const positions = new Uint32Array(cells.length);
  for (const [index, cell] of cells.entries()) {
    const position = placeOf(cell);
    positions[index] = position;
    places[position] = looks.numberOf(cell);
  }
  const texts = createNumbers();
  const rowCells = rows.map((_, row) => texts.numberOf(runsOf(places.subarray(row * width, (row + 1) * width))));
  const groups = classesOf(picture)
    .filter(({ length }) => length > 1)
    .map((members) => members.map(({ name }) => ends.numberOf(name)));
  return {
    matrix: {
      ...{ ends: ends.all, rows, columns, heads: heads.all, looks: looks.all, cells: texts.all, rowCells, groups },
      hasSelves: places.includes(SELF),
    },
    positions,
  };
};

/** Numbers texts as they come. */
const createNumbers = () => {
  const all: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? all.push(text) - 1;
    numbers.set(text, number);
    return number;
  };
  return { all, numberOf };
};

/** Each port of a destination is looked up by its name once, and is then found among the few that the destination has. */
const createPlaces = (rows: readonly string[], columns: Picture['columns']) => {
  const rowOf = new Map(rows.map((name, row) => [name, row]));
  const columnOf = new Map(columns.map(({ to, head }, column) => [`${head} ${to}`, column]));
  const known = new Map<string, { readonly cell: Cell; readonly column: number }[]>();
  const columnFor = (cell: Cell): number => {
    const ports = known.get(cell.to) ?? [];
    const found = ports.find(({ cell: one }) => isSamePort(one, cell))?.column;
    if (found !== undefined) return found;
    const column = columnOf.get(`${columnHead(cell)} ${cell.to}`) as number;
    known.set(cell.to, [...ports, { cell, column }]);
    return column;
  };
  return (cell: Cell): number => (rowOf.get(cell.from) as number) * columns.length + columnFor(cell);
};

const isSamePort = (one: Cell, other: Cell): boolean =>
  one.port === other.port && one.protocol === other.protocol && one.family === other.family;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Latin letters with accents, of which none is a control or a mark. */
const MORE_LETTERS = 0x100;

/** `A12B`: a letter for a look, then how often it follows itself. Where an end meets itself, the run goes on. */
const runsOf = (places: Uint16Array): string => {
  const runs: [look: number, count: number][] = [];
  let selves = 0;
  for (const place of places) {
    const last = runs.at(-1);
    if (place === SELF && last) last[1] += 1;
    else if (place === SELF) selves += 1;
    else if (last && last[0] === place) last[1] += 1;
    else {
      runs.push([place, 1 + selves]);
      selves = 0;
    }
  }
  const all = runs.length > 0 || selves === 0 ? runs : [[SELF, selves] as const];
  return all.map(([look, count]) => letterOf(look) + (count > 1 ? count : '')).join('');
};

const letterOf = (look: number): string => LETTERS[look] ?? String.fromCharCode(MORE_LETTERS + look - LETTERS.length);
