import {
  backendsDiffer,
  type ComparedSide,
  compareCells,
  type Family,
  isLeftOpen,
  lookupUnknown,
  type Model,
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

/** Every cell that differs or is undecided, in groups. */
export const findCells = (
  before: FamilyState,
  after: FamilyState,
  { family, isFirstFamily, wanted }: CellOptions,
): FoundCells => {
  const pieces: Piece[] = [];
  const partOf = createParts();
  let asked = 0;
  const fateOf = (cells: RawCells, change: Change, probe: Probe): Fate => {
    const isAsked = asked < CAUSES_AT_MOST && isTraced(change, cells);
    asked += Number(isAsked);
    return {
      ...{ change, before: cells.before, after: cells.after },
      ...(family && { family }),
      causes: isAsked && CAUSED.has(change) ? causesOf(before.model, after.model, probe) : [],
      ...(isAsked && doubtIn(before.model, after.model, cells, probe)),
    };
  };
  const add = (cells: Omit<RawCells, 'from'>, from: readonly (readonly string[])[]): void => {
    const change = changeOf(cells);
    const raw = { ...cells, from: from[0] ?? [] };
    const probe = sampleOf(raw);
    if (change === null || !probe) return;
    const fate = fateOf(raw, change, probe);
    const piece = { fate, from: from.map(partOf), to: [partOf(cells.to)], ports: [cells.port] };
    for (const part of wanted ? splitWanted(piece, wanted) : [piece]) pieces.push(part);
  };
  const compared = compareCells(sharedSide(before), sharedSide(after), isBetween);
  let next = compared.next();
  for (; !next.done; next = compared.next()) {
    const { from, ...cells } = next.value;
    const change = changeOf(cells);
    // What decides may be another rule for each class.
    const isApart = change !== null && isTraced(change, cells) && asked < CAUSES_AT_MOST;
    const names = from.map((pair) => pair.names);
    for (const sources of isApart ? names.map((own) => [own]) : [names]) add(cells, sources);
  }
  let { common } = next.value;
  compareOtherCells(before, after, next.value.pairs, isFirstFamily, ({ from, ...cells }) => {
    if (cells.before !== null && cells.after !== null) common += from.length;
    add(cells, [from]);
  });
  return { groups: mergePieces(pieces), common };
};

const sharedSide = ({ shared, portsOf }: FamilyState): ComparedSide => ({ model: shared, portsOf });

/** Whether somebody will ask why. */
const isTraced = (change: Change, { before, after }: Pick<RawCells, 'before' | 'after'>): boolean =>
  CAUSED.has(change) || before === 'unknown' || after === 'unknown';

/** Equal lists of names get equal ids. */
const createParts = (): ((names: readonly string[]) => Part) => {
  const ids = new Map<string, number>();
  const known = new Map<readonly string[], Part>();
  return (names) => {
    const found = known.get(names);
    if (found) return found;
    const key = names.join();
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    const part = { id: `${id}`, names };
    known.set(names, part);
    return part;
  };
};

const CAUSED: ReadonlySet<Change> = new Set(['opened', 'closed', 'may-open', 'may-close', 'may-differ']);

/** The first cell that is not one of an end to itself. */
const sampleOf = ({ from, to, port }: RawCells): Probe | undefined => {
  const { number, protocol } = port;
  for (const source of from.slice(0, 2))
    for (const target of to.slice(0, 2))
      if (source !== target) return { from: source, to: target, port: number, protocol };
  return undefined;
};

const doubtIn = (before: Model, after: Model, cells: RawCells, probe: Probe): { doubt?: Doubt } => {
  if (cells.after === 'unknown') return { doubt: doubtOf(after, probe) };
  return cells.before === 'unknown' ? { doubt: doubtOf(before, probe) } : {};
};

const doubtOf = (model: Model, probe: Probe): Doubt => {
  if (isLeftOpen(model, probe)) return 'undefined';
  if (backendsDiffer(model, probe)) return 'backends-differ';
  return lookupUnknown(model, probe) ? 'lookup-unknown' : 'address-unknown';
};
