import type { Decision, Family } from '../model/index.ts';
import type { Cause, CellGroup, CellPort, Change, Doubt } from './result.ts';

/** Ends that stay together; equal ids mean the same ends. */
export interface Part {
  readonly id: string;
  readonly names: readonly string[];
}

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

/** Equal for parts that may have an end in common. */
type CrowdOf = (part: Part) => unknown;

/**
 * Joins pieces into as few groups as fit: those with the same destinations, then sources, then ends. The parts of a list have
 * no end in common, unless they are equal.
 */
export const mergePieces = (pieces: readonly Piece[], crowdOf: CrowdOf): readonly CellGroup[] => {
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
  const bySources = joined(pieces, 'from', (piece) => `${ofFate(piece)}|${partsKey(piece.to)}|${portsKey(piece)}`);
  const byTargets = joined(bySources, 'to', (piece) => `${ofFate(piece)}|${partsKey(piece.from)}|${portsKey(piece)}`);
  return joined(byTargets, 'ports', (piece) => `${ofFate(piece)}|${partsKey(piece.from)}|${partsKey(piece.to)}`)
    .map((piece) => groupOf(piece, crowdOf))
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

const partsKey = (parts: readonly Part[]): string => keyOfParts(parts);

const portsKey = ({ ports }: Piece): string => ports.map(({ number, protocol }) => `${number}/${protocol}`).join();

const groupOf = ({ fate, from, to, ports }: Piece, crowdOf: CrowdOf): CellGroup => {
  const [sources, targets] = withoutSelf(namesIn(from), namesIn(to));
  return { ...fate, from: sources, to: targets, ports, cells: cellsBetween(from, to, crowdOf) * ports.length };
};

/** Without an end that would have a cell only to itself. */
const withoutSelf = (
  from: readonly string[],
  to: readonly string[],
): readonly [readonly string[], readonly string[]] => [
  to.length === 1 ? from.filter((name) => name !== to[0]) : from,
  from.length === 1 ? to.filter((name) => name !== from[0]) : to,
];

/** Groups share long lists of ends, so what is found out about one is kept. */
const keptFor = <List extends object, Found>(find: (list: List) => Found): ((list: List) => Found) => {
  const known = new WeakMap<List, Found>();
  return (list) => {
    const found = known.get(list) ?? find(list);
    known.set(list, found);
    return found;
  };
};

const keyOfParts = keptFor((parts: readonly Part[]): string =>
  parts
    .map(({ id }) => id)
    .sort()
    .join(),
);

const distinct = keptFor((parts: readonly Part[]): readonly Part[] => [
  ...new Map(parts.map((part) => [part.id, part])).values(),
]);

const namesIn = keptFor((parts: readonly Part[]): readonly string[] => distinct(parts).flatMap(({ names }) => names));

const sizeOf = (parts: readonly Part[]): number => namesIn(parts).length;

const setOf = keptFor((names: readonly string[]): ReadonlySet<string> => new Set(names));

/** Each end to itself left out. Only parts of one crowd can have an end in common. */
const cellsBetween = (from: readonly Part[], to: readonly Part[], crowdOf: CrowdOf): number => {
  const crowds = crowdsIn(from, crowdOf);
  const common = distinct(to).flatMap((part) => crowds.get(crowdOf(part))?.map((own) => commonIn(own, part)) ?? []);
  return sizeOf(from) * sizeOf(to) - common.reduce((sum, count) => sum + count, 0);
};

const knownCrowds = new WeakMap<readonly Part[], ReadonlyMap<unknown, readonly Part[]>>();

const crowdsIn = (parts: readonly Part[], crowdOf: CrowdOf): ReadonlyMap<unknown, readonly Part[]> => {
  const crowds = knownCrowds.get(parts) ?? Map.groupBy(distinct(parts), crowdOf);
  knownCrowds.set(parts, crowds);
  return crowds;
};

const commonIn = (one: Part, other: Part): number =>
  one.id === other.id ? one.names.length : other.names.filter((name) => setOf(one.names).has(name)).length;
