/** The destinations of paired models with their ports. */
import type { Port } from '../world.ts';
import type { ComparedSide, PairedClass } from './paired.ts';

/** Endpoints of a paired class that have a port on the same sides. */
export interface Column {
  readonly pair: PairedClass;
  readonly names: readonly string[];
  readonly isBefore: boolean;
  readonly isAfter: boolean;
}

export interface PortColumns {
  readonly port: Port;
  readonly columns: readonly Column[];
}

type Sides = 'both' | 'before' | 'after';

/** Every port of every endpoint, by port. */
export const columnsOf = (
  pairs: readonly PairedClass[],
  before: ComparedSide,
  after: ComparedSide,
): readonly PortColumns[] => {
  const found = new Map<string, { readonly port: Port; readonly columns: Column[] }>();
  for (const pair of pairs)
    for (const [key, { port, names }] of portsIn(pair, before, after)) {
      const entry = found.get(key) ?? { port, columns: [] };
      found.set(key, entry);
      for (const [sides, own] of names)
        entry.columns.push({ pair, names: own, isBefore: sides !== 'after', isAfter: sides !== 'before' });
    }
  return [...found.values()];
};

interface PortNames {
  readonly port: Port;
  readonly names: ReadonlyMap<Sides, readonly string[]>;
}

/**
 * The ports of a class, with the endpoints that have each, by the sides on which they have it. Those that all have are one
 * list, because others remember what they find out about it.
 */
const portsIn = (pair: PairedClass, before: ComparedSide, after: ComparedSide): ReadonlyMap<string, PortNames> => {
  const [first = ''] = pair.names;
  const ports = before.portsOf(first);
  const isOne = before.portsOf === after.portsOf;
  const isAlike = (name: string): boolean => before.portsOf(name) === ports && (isOne || after.portsOf(name) === ports);
  if (pair.before && pair.after && pair.names.every(isAlike))
    return new Map(
      ports.map(({ number, protocol }) => [
        `${number}/${protocol}`,
        { port: { number, protocol }, names: new Map([['both', pair.names]]) },
      ]),
    );
  return mixedPortsIn(pair, before, after);
};

const mixedPortsIn = (pair: PairedClass, before: ComparedSide, after: ComparedSide) => {
  const found = new Map<string, { readonly port: Port; readonly names: Map<Sides, string[]> }>();
  const add = (name: string, { number, protocol }: Port, sides: Sides): void => {
    const key = `${number}/${protocol}`;
    const entry = found.get(key) ?? { port: { number, protocol }, names: new Map() };
    found.set(key, entry);
    const names = entry.names.get(sides);
    if (names) names.push(name);
    else entry.names.set(sides, [name]);
  };
  for (const name of pair.names) {
    const was = pair.before ? before.portsOf(name) : [];
    const is = pair.after ? after.portsOf(name) : [];
    for (const port of was) add(name, port, has(is, port) ? 'both' : 'before');
    for (const port of is) if (!has(was, port)) add(name, port, 'after');
  }
  return found;
};

const has = (ports: readonly Port[], { number, protocol }: Port): boolean =>
  ports.some((port) => port.number === number && port.protocol === protocol);
