import { both, type Decision } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Port } from '../world.ts';
import { type Band, bandsOf, createLists, kindOf, undecidedOf } from './bands.ts';
import { addBits, type Bits, emptyBits, type Row } from './bits.ts';
import { type Column, columnsOf } from './columns.ts';
import { type ComparedSide, type PairedClass, pairEndpoints } from './paired.ts';
import { createRows, decisionIn, type Rows } from './rows.ts';
import { signatures } from './signatures.ts';

/**
 * Cells from each endpoint of some classes to each of others that have the same decisions: those that differ, and those
 * that neither side decides. An endpoint that is both a source and a destination has no cell to itself.
 */
export interface ComparedCells {
  readonly from: readonly PairedClass[];
  /** For each class, those that have the port. Only what rules decide about them is alike, not which policies. */
  readonly to: readonly (readonly string[])[];
  /** The classes that they are in. */
  readonly pairs: readonly PairedClass[];
  readonly port: Port;
  /** null if there is no such cell on that side. */
  readonly before: Decision | null;
  readonly after: Decision | null;
  /** Whether the same rules apply on both sides; only of cells that neither decides. */
  readonly untouched: boolean;
}

export interface ComparedAll {
  /** How many cells exist on both sides. */
  readonly common: number;
  readonly pairs: readonly PairedClass[];
}

/** Whether there are cells between two endpoints, which are samples of their classes. */
export type IsProbed = (from: Endpoint, to: Endpoint) => boolean;

/**
 * Compares all cells between the pods and hosts of two models, by classes, and looks closely only at those whose rules
 * are not the same on both sides: policies that are one object in both models are the same. Each cell is in one result at
 * most; returns the classes, and how many cells both sides have.
 */
export function* compareCells(
  before: ComparedSide,
  after: ComparedSide,
  isProbed: IsProbed,
): Generator<ComparedCells, ComparedAll> {
  const { pairs, classes } = pairEndpoints(before.model, after.model);
  const rows = createRows(classes);
  const rowsOf = { before: rows(before.model), after: rows(after.model) };
  let common = 0;
  const sourcesOf = countSources(pairs, isProbed);
  const listOf = createLists(pairs);
  for (const { port, columns } of columnsOf(pairs, before, after)) {
    const [was, is] = [rowsOf.before(port), rowsOf.after(port)];
    const telling = pairs.filter((pair) => !isPlain(pair, was, is, 'egress'));
    for (const { pair, names, isBefore, isAfter } of columns)
      if (isBefore && isAfter) common += names.length * sourcesOf(pair);
    const { plain = [], others = [] } = Object.groupBy(columns, ({ pair, isBefore, isAfter }) =>
      isBefore && isAfter && isPlain(pair, was, is, 'ingress') ? 'plain' : 'others',
    );
    const layer = { port, was, is, size: classes.length, isProbed, listOf };
    yield* inColumns(telling, plain, layer);
    yield* inColumns(pairs, others, layer);
  }
  return { common, pairs };
}

type Direction = keyof Rows;

/** Whether the endpoints look the same on both sides, and the same rules decide everything about them. */
const isPlain = ({ before, after }: PairedClass, was: Rows, is: Rows, direction: Direction): boolean => {
  if (before === null || before !== after) return false;
  const row = was[direction](before);
  return row === is[direction](before) && row.sure === row.possible;
};

/** The rows of a port on both sides. */
interface Layer {
  readonly port: Port;
  readonly was: Rows;
  readonly is: Rows;
  /** How many classes there are. */
  readonly size: number;
  readonly isProbed: IsProbed;
  readonly listOf: (bits: Bits) => readonly PairedClass[];
}

/** Columns that every source sees alike are looked at once. */
function* inColumns(
  sources: readonly PairedClass[],
  columns: readonly Column[],
  layer: Layer,
): Generator<ComparedCells> {
  if (sources.length === 0 || columns.length === 0) return;
  const { port, was, is } = layer;
  const bands = bandsOf(sources, was, is);
  const lookAt = createLook(bands, layer);
  for (const own of Map.groupBy(columns, signatures(bands, was, is)).values()) {
    const [first] = own as [Column];
    const to = own.map(({ names }) => names);
    const pairs = own.map(({ pair }) => pair);
    for (const cells of lookAt(first)) yield { ...cells, to, pairs, port };
  }
}

type Alike = Pick<ComparedCells, 'from' | 'before' | 'after' | 'untouched'>;
type Changed = Omit<Alike, 'from'> & { readonly from: PairedClass[] };

/** Looks at a column band by band, and at single sources only where something differs between the sides. */
const createLook = (bands: readonly Band[], layer: Layer): ((column: Column) => Iterable<Alike>) => {
  // Used for each column again, because thousands of sets would have to be collected.
  const [sure, perhaps] = [emptyBits(layer.size), emptyBits(layer.size)];
  return (column) => {
    const [into, now] = rowsInto(column.pair, layer);
    const same = isUntouched(column, layer) ? into : null;
    sure.fill(0);
    perhaps.fill(0);
    const changed = new Map<string, Changed>();
    for (const band of bands) {
      const [wasOut, isOut] = outsOf(band, column, layer);
      if (wasOut === isOut && isClosed(wasOut)) continue;
      if (same && band.untouched) addBits(wasOut === 'allow' ? sure : perhaps, band.untouched);
      else addChanged(changed, band.sources, [wasOut, into], [isOut, now]);
    }
    const from = same ? layer.listOf(undecidedOf(sure, perhaps, same)) : [];
    const undecided = { from, before: 'unknown', after: 'unknown', untouched: true } as const;
    return from.length > 0 ? [undecided, ...changed.values()] : changed.values();
  };
};

type Sides<Of> = readonly [before: Of, after: Of];

const rowsInto = ({ before, after }: PairedClass, { was, is }: Layer): Sides<Row | null> => [
  before && was.ingress(before),
  after && is.ingress(after),
];

/** Whether their rules let a band out to a column; null if nothing is probed between them. */
const outsOf = (
  { sample, before, after }: Band,
  { pair, isBefore, isAfter }: Column,
  { isProbed }: Layer,
): Sides<Decision | null> => [
  isBefore ? outOf(sample.before, pair.before, before, isProbed) : null,
  isAfter ? outOf(sample.after, pair.after, after, isProbed) : null,
];

const outOf = (
  from: PairedClass['before'],
  to: PairedClass['before'],
  row: Row | null,
  isProbed: IsProbed,
): Decision | null => (from && to && row && isProbed(from.sample, to.sample) ? decisionIn(row, to) : null);

const isClosed = (out: Decision | null): boolean => out === null || out === 'deny';

/** Whether a column looks the same on both sides, and the same rules let in. */
const isUntouched = ({ pair: { before, after }, isBefore, isAfter }: Column, { was, is }: Layer): boolean =>
  isBefore && isAfter && before !== null && before === after && was.ingress(before) === is.ingress(before);

/** What lets sources out, and the row that lets them in; null without such a cell. */
type Way = readonly [out: Decision | null, into: Row | null];

const addChanged = (changed: Map<string, Changed>, sources: readonly PairedClass[], was: Way, is: Way): void => {
  for (const from of sources) {
    const [before, after] = [decisionOn(was, from.before), decisionOn(is, from.after)];
    if (before === after && before !== 'unknown') continue;
    const key = `${before} ${after}`;
    const group = changed.get(key) ?? { from: [], before, after, untouched: false };
    changed.set(key, group);
    group.from.push(from);
  }
};

const decisionOn = ([out, into]: Way, from: PairedClass['before']): Decision | null =>
  out && into && from ? both(out, decisionIn(into, from)) : null;

/** How many endpoints there are of those that `isProbed` can't tell apart. */
interface Crowd {
  readonly pair: PairedClass;
  readonly pairs: ReadonlySet<PairedClass>;
  readonly size: number;
}

const crowdsOf = (pairs: readonly PairedClass[]): readonly Crowd[] => {
  const crowds = Map.groupBy(pairs, ({ before, after }) => `${kindOf(before)} ${kindOf(after)}`);
  return [...crowds.values()].map((own) => ({
    pair: own[0] as PairedClass,
    pairs: new Set(own),
    size: own.reduce((sum, { names }) => sum + names.length, 0),
  }));
};

/** Counts the endpoints that have a cell to an endpoint of a class on both sides; once for each class, whatever the port. */
const countSources = (pairs: readonly PairedClass[], isProbed: IsProbed): ((to: PairedClass) => number) => {
  const crowds = crowdsOf(pairs);
  const isThere = (from: PairedClass['before'], to: PairedClass['before']): boolean =>
    from !== null && to !== null && isProbed(from.sample, to.sample);
  const count = (to: PairedClass): number =>
    crowds
      .filter(({ pair: from }) => isThere(from.before, to.before) && isThere(from.after, to.after))
      .reduce((sum, { pairs: its, size }) => sum + (its.has(to) ? size - 1 : size), 0);
  const known = new Map<PairedClass, number>();
  return (to) => {
    const found = known.get(to) ?? count(to);
    known.set(to, found);
    return found;
  };
};
