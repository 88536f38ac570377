import {
  backendsDiffer,
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
import { type Fate, mergePieces, type Piece } from './merge.ts';
import { createParts, type Part } from './parts.ts';
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
  const partOf = createParts();
  const partsOf = listsOf((pair: PairedClass) => partOf(pair.names, pair));
  const doubts = doubtsBetween(before.model, after.model);
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
    for (const part of wanted ? splitWanted(piece, wanted, partOf) : [piece]) pieces.push(part);
  };
  const compared = compareCells(sharedSide(before), sharedSide(after), isBetween);
  let next = compared.next();
  for (; !next.done; next = compared.next()) {
    const { from, to, pairs: into, ...cells } = next.value;
    const change = changeOf(cells);
    // What decides may be another rule for each class.
    const isApart = change !== null && CAUSED.has(change) && asked < CAUSES_AT_MOST;
    const targets = to.map((names, at) => partOf(names, into[at]));
    for (const [doubt, pairs] of doubts(from, into[0], cells)) {
      const sources = partsOf(pairs);
      if (!isApart) add({ ...cells, from: sources, to: targets }, doubt);
      else
        for (const target of targets)
          for (const source of sources) add({ ...cells, from: [source], to: [target] }, doubt);
    }
  }
  let { common } = next.value;
  const { pairs } = next.value;
  let crowds: ReadonlyMap<string, PairedClass> | undefined;
  // All names of a part are in one class, or it is another end.
  const mixed = (names: readonly string[]): Part => {
    crowds ??= new Map(pairs.flatMap((pair) => pair.names.map((name) => [name, pair])));
    return partOf(names, crowds.get(names[0] ?? '') ?? names[0]);
  };
  compareOtherCells(before, after, pairs, isFirstFamily, ({ from, ...cells }) => {
    if (cells.before !== null && cells.after !== null) common += from.length;
    const probe = sampleOf({ ...cells, from });
    const doubt = probe ? doubtIn(before.model, after.model, cells, probe) : null;
    add({ ...cells, from: [mixed(from)], to: [mixed(cells.to)] }, doubt);
  });
  return { groups: mergePieces(pieces), common };
};

const sharedSide = ({ shared, portsOf }: FamilyState): ComparedSide => ({ model: shared, portsOf });

/** The same list of classes gives the same list of parts, which others remember things about. */
const listsOf = (partOf: (pair: PairedClass) => Part): ((pairs: readonly PairedClass[]) => readonly Part[]) => {
  const lists = new WeakMap<readonly PairedClass[], readonly Part[]>();
  return (pairs) => {
    const parts = lists.get(pairs) ?? pairs.map(partOf);
    lists.set(pairs, parts);
    return parts;
  };
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

type Doubts = Iterable<readonly [Doubt | null, readonly PairedClass[]]>;

/**
 * The sources by why their cells are undecided; the same list if all are alike. Between two pods or hosts, only an address or
 * a node's network can make a cell undecided.
 */
const doubtsBetween = (was: Model, is: Model) => {
  const onNodes = { before: nodesIn('before', was), after: nodesIn('after', is) };
  return (from: readonly PairedClass[], to: PairedClass | undefined, { before, after }: Decided): Doubts => {
    if (before !== 'unknown' && after !== 'unknown') return [[null, from]];
    const side = after === 'unknown' ? 'after' : 'before';
    if (to?.[side]?.sample.hostNetwork) return [['undefined', from]];
    const { some, all } = onNodes[side](from);
    if (!some) return [['address-unknown', from]];
    return all
      ? [['undefined', from]]
      : Map.groupBy(from, (pair) => (isOnNode(pair, side) ? 'undefined' : 'address-unknown'));
  };
};

const isOnNode = (pair: PairedClass, side: 'before' | 'after'): boolean => pair[side]?.sample.hostNetwork === true;

/** Whether sources of a list share their nodes' network; found out once for each list. */
const nodesIn = (side: 'before' | 'after', { endpoints }: Model) => {
  const none = { some: false, all: false };
  if (![...endpoints.values()].some(({ hostNetwork }) => hostNetwork)) return () => none;
  const known = new WeakMap<readonly PairedClass[], { readonly some: boolean; readonly all: boolean }>();
  return (from: readonly PairedClass[]) => {
    const found = known.get(from) ?? {
      some: from.some((pair) => isOnNode(pair, side)),
      all: from.every((pair) => isOnNode(pair, side)),
    };
    known.set(from, found);
    return found;
  };
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
