import type { Decision, Family } from '../model/index.ts';
import { createLists, createNames, type Part, type PartList } from './parts.ts';
import type { Cause, CellGroup, CellPort, Change, Doubt } from './result.ts';

/** What cells must have in common to be told together. */
export interface Fate {
  readonly change: Change;
  readonly before: Decision | null;
  readonly after: Decision | null;
  readonly family?: Family;
  readonly causes: readonly Cause[];
  readonly doubt?: Doubt;
  readonly wanted?: true;
}

/** Cells of one fate, from each of the parts to each of others, except from an end to itself. */
export interface Piece {
  readonly fate: Fate;
  readonly from: readonly Part[];
  readonly to: readonly Part[];
  readonly ports: readonly CellPort[];
}

/**
 * Joins pieces into as few groups as fit: those with the same destinations, then sources, then ends. The parts of a list have
 * no end in common, unless they are equal.
 */
export const mergePieces = (pieces: readonly Piece[]): readonly CellGroup[] => {
  const fates = new Map<string, number>();
  const fateId = ({ fate }: Piece): number => {
    const key = JSON.stringify(fate);
    const id = fates.get(key) ?? fates.size;
    fates.set(key, id);
    return id;
  };
  const idOf = new Map<Fate, number>();
  const ofFate = (piece: Piece): number => {
    const id = idOf.get(piece.fate) ?? fateId(piece);
    idOf.set(piece.fate, id);
    return id;
  };
  const listOf = createLists();
  const keyOf = (parts: readonly Part[]): number => listOf(parts).id;
  const groupOf = createGroupOf();
  const bySources = joined(pieces, 'from', (piece) => `${ofFate(piece)}|${keyOf(piece.to)}|${portsKey(piece)}`);
  const byTargets = joined(bySources, 'to', (piece) => `${ofFate(piece)}|${keyOf(piece.from)}|${portsKey(piece)}`);
  return joined(byTargets, 'ports', (piece) => `${ofFate(piece)}|${keyOf(piece.from)}|${keyOf(piece.to)}`)
    .map(({ fate, from, to, ports }) => ({ ...fate, ...groupOf(listOf(from), listOf(to), ports) }))
    .filter(({ cells }) => cells > 0);
};

const joined = <Key extends 'from' | 'to' | 'ports'>(
  pieces: readonly Piece[],
  what: Key,
  keyOf: (piece: Piece) => string,
): readonly Piece[] =>
  [...Map.groupBy(pieces, keyOf).values()].map(([first, ...others]) => {
    const piece = first as Piece;
    return others.length === 0
      ? piece
      : { ...piece, [what]: [piece, ...others].flatMap((one): readonly unknown[] => one[what]) };
  });

const portsKey = ({ ports }: Piece): string => ports.map(({ number, protocol }) => `${number}/${protocol}`).join();

const createGroupOf = () => {
  const namesOf = createNames();
  return (from: PartList, to: PartList, ports: readonly CellPort[]) => {
    const [sources, targets] = [namesOf(from), namesOf(to)];
    const [own, others] = withoutSelf(sources, targets);
    const cells = sources.length * targets.length - commonBetween(from, to);
    return { from: own, to: others, ports, cells: cells * ports.length };
  };
};

/** Without an end that would have a cell only to itself. */
const withoutSelf = (
  from: readonly string[],
  to: readonly string[],
): readonly [readonly string[], readonly string[]] => [
  to.length === 1 ? from.filter((name) => name !== to[0]) : from,
  from.length === 1 ? to.filter((name) => name !== from[0]) : to,
];

/** How many ends are in both. Only parts of one crowd can have an end in common. */
const commonBetween = (from: PartList, to: PartList): number => {
  const [few, many] = from.parts.length < to.parts.length ? [from, to] : [to, from];
  const crowds = Map.groupBy(few.parts, ({ crowd }) => crowd);
  let common = 0;
  for (const part of many.parts) for (const own of crowds.get(part.crowd) ?? []) common += commonIn(own, part);
  return common;
};

const commonIn = (one: Part, other: Part): number =>
  one === other ? one.names.length : other.names.filter((name) => setOf(one).has(name)).length;

const sets = new WeakMap<Part, ReadonlySet<string>>();

/** Groups share parts, so what is found out about one is kept. */
const setOf = (part: Part): ReadonlySet<string> => {
  const set = sets.get(part) ?? new Set(part.names);
  sets.set(part, set);
  return set;
};
