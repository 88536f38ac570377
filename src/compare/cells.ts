import {
  backendsDiffer,
  type ComparedCells,
  type ComparedSide,
  compareCells,
  type Family,
  isLeftOpen,
  lookupUnknown,
  type Model,
  type PairedClass,
  type Probe,
} from '../model/index.ts';
import { isBetween } from './between.ts';
import { causesOf } from './causes.ts';
import { type Fate, mergePieces, type Part, type Piece } from './merge.ts';
import { changeOf, type RawCells } from './raw-cells.ts';
import type { CellGroup, Change, Doubt } from './result.ts';
import { compareOtherCells } from './service-cells.ts';
import type { FamilyState } from './state.ts';
import { splitWanted, type WantedCells } from './wanted.ts';

/** Finding out what decides takes longer than comparing; of a change of everything the first are enough. */
const CAUSES_AT_MOST = 20_000;

export interface CellOptions {
  /** Absent if the cluster has one. */
  readonly family?: Family;
  readonly isFirstFamily: boolean;
  readonly wanted?: WantedCells | undefined;
}

export interface FoundCells {
  readonly groups: readonly CellGroup[];
  /** How many cells both sides have. */
  readonly common: number;
}

/** Ends that are alike, in lists. */
interface ListedCells extends Omit<RawCells, 'from' | 'to'> {
  readonly from: readonly Part[];
  readonly to: readonly Part[];
}

/** Every cell that differs or is undecided, in groups. */
export const findCells = (
  before: FamilyState,
  after: FamilyState,
  { family, isFirstFamily, wanted }: CellOptions,
): FoundCells => {
  const pieces: Piece[] = [];
  const { partOf, partsOf } = createParts();
  let asked = 0;
  const add = ({ from, to, ...cells }: ListedCells, doubt: Doubt | null): void => {
    const change = changeOf(cells);
    if (change === null) return;
    const isAsked = asked < CAUSES_AT_MOST && CAUSED.has(change);
    const probe = isAsked ? sampleOf({ ...cells, from: from[0]?.names ?? [], to: to[0]?.names ?? [] }) : undefined;
    // An end to itself is no cell.
    if (isAsked && !probe) return;
    asked += Number(isAsked);
    const fate: Fate = {
      ...{ change, before: cells.before, after: cells.after },
      ...(family && { family }),
      causes: probe ? causesOf(before.model, after.model, probe) : [],
      ...(doubt && { doubt }),
    };
    const piece = { fate, from, to, ports: [cells.port] };
    for (const part of wanted ? splitWanted(piece, wanted) : [piece]) pieces.push(part);
  };
  const compared = compareCells(sharedSide(before), sharedSide(after), isBetween);
  let next = compared.next();
  for (; !next.done; next = compared.next()) {
    const { from, to, ...cells } = next.value;
    const change = changeOf(cells);
    // What decides may be another rule for each class.
    const isApart = change !== null && CAUSED.has(change) && asked < CAUSES_AT_MOST;
    const targets = to.map(partOf);
    for (const [doubt, pairs] of byDoubt(from, cells)) {
      const sources = partsOf(pairs);
      if (!isApart) add({ ...cells, from: sources, to: targets }, doubt);
      else
        for (const target of targets)
          for (const source of sources) add({ ...cells, from: [source], to: [target] }, doubt);
    }
  }
  let { common } = next.value;
  compareOtherCells(before, after, next.value.pairs, isFirstFamily, ({ from, ...cells }) => {
    if (cells.before !== null && cells.after !== null) common += from.length;
    const probe = sampleOf({ ...cells, from });
    const doubt = probe ? doubtIn(before.model, after.model, cells, probe) : null;
    add({ ...cells, from: [partOf(from)], to: [partOf(cells.to)] }, doubt);
  });
  const crowds = new Map(next.value.pairs.flatMap((pair) => pair.names.map((name) => [name, pair])));
  // All names of a part are in one class, or it is another end.
  const crowdOf = ({ names: [name = ''] }: Part): unknown => crowds.get(name) ?? name;
  return { groups: mergePieces(pieces, crowdOf), common };
};

const sharedSide = ({ shared, portsOf }: FamilyState): ComparedSide => ({ model: shared, portsOf });

/** Equal lists of names get equal ids, and the same classes the same list of parts, which others remember things about. */
const createParts = () => {
  const ids = new Map<string, number>();
  const known = new WeakMap<readonly string[], Part>();
  const lists = new WeakMap<readonly PairedClass[], readonly Part[]>();
  const partOf = (names: readonly string[]): Part => {
    const found = known.get(names);
    if (found) return found;
    const key = names.join();
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    const part = { id: `${id}`, names };
    known.set(names, part);
    return part;
  };
  const partsOf = (pairs: readonly PairedClass[]): readonly Part[] => {
    const parts = lists.get(pairs) ?? pairs.map(({ names }) => partOf(names));
    lists.set(pairs, parts);
    return parts;
  };
  return { partOf, partsOf };
};

/** What neither side decides has none. */
const CAUSED: ReadonlySet<Change> = new Set(['opened', 'closed', 'may-open', 'may-close']);

/** The first cell that is not one of an end to itself. */
const sampleOf = ({ from, to, port }: RawCells): Probe | undefined => {
  const { number, protocol } = port;
  for (const source of from.slice(0, 2))
    for (const target of to.slice(0, 2))
      if (source !== target) return { from: source, to: target, port: number, protocol };
  return undefined;
};

type Decided = Pick<RawCells, 'before' | 'after'>;

/** The sources by why their cells are undecided; the same list if all are alike. */
const byDoubt = (
  from: readonly PairedClass[],
  cells: Omit<ComparedCells, 'from' | 'to'>,
): Iterable<readonly [Doubt | null, readonly PairedClass[]]> => {
  const doubts = Map.groupBy(from, (pair) => doubtBetween(pair, cells));
  const [[doubt] = [null]] = doubts;
  return doubts.size > 1 ? doubts : [[doubt, from]];
};

/** Between two pods or hosts, only an address or a node's network can make a cell undecided. */
const doubtBetween = (from: PairedClass, cells: Omit<ComparedCells, 'from' | 'to'>): Doubt | null => {
  if (cells.before !== 'unknown' && cells.after !== 'unknown') return null;
  const side = cells.after === 'unknown' ? 'after' : 'before';
  const isOnNode = from[side]?.sample.hostNetwork || cells.pair[side]?.sample.hostNetwork;
  return isOnNode ? 'undefined' : 'address-unknown';
};

const doubtIn = (before: Model, after: Model, cells: Decided, probe: Probe): Doubt | null => {
  if (cells.after === 'unknown') return doubtOf(after, probe);
  return cells.before === 'unknown' ? doubtOf(before, probe) : null;
};

const doubtOf = (model: Model, probe: Probe): Doubt => {
  if (isLeftOpen(model, probe)) return 'undefined';
  if (backendsDiffer(model, probe)) return 'backends-differ';
  return lookupUnknown(model, probe) ? 'lookup-unknown' : 'address-unknown';
};
