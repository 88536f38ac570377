import type { Family, Port } from '../scenario/index.ts';
import { type Flow, portOf } from './flows.ts';

/** What is wanted of the connections from one party to a port of another; parties are numbers. */
export interface Entry {
  readonly from: number;
  readonly to: number;
  readonly port: Port;
  readonly wants: ReadonlySet<Flow['want']>;
}

/** The position of the party that an end belongs to, in one of the IP families. */
export type PartyOf = (end: string, family?: Family) => number;

/** By `entryKey`. */
export type Table = ReadonlyMap<string, Entry>;

export const entryKey = (from: number, to: number, { number, protocol }: Pick<Port, 'number' | 'protocol'>): string =>
  `${from} ${to} ${number}/${protocol}`;

export const tableOf = (flows: readonly Flow[], partyOf: PartyOf): Table =>
  collect(
    flows.map((flow) => ({
      from: partyOf(flow.from, flow.family),
      to: partyOf(flow.to, flow.family),
      port: portOf(flow),
      wants: new Set([flow.want]),
    })),
  );

/** The same for parties of which some have become one. */
export const mergedTable = (entries: Iterable<Entry>, partyOf: (party: number) => number): Table =>
  collect([...entries].map(({ from, to, ...rest }) => ({ ...rest, from: partyOf(from), to: partyOf(to) })));

const collect = (entries: readonly Entry[]): Table => {
  const table = new Map<string, Entry & { readonly wants: Set<Flow['want']> }>();
  for (const { from, to, port, wants } of entries) {
    const key = entryKey(from, to, port);
    const known = table.get(key);
    if (known) for (const want of wants) known.wants.add(want);
    else table.set(key, { from, to, port, wants: new Set(wants) });
  }
  return table;
};

/** Open only if nothing in it is to be blocked. */
export const isOpen = ({ wants }: Entry): boolean => wants.has('allow') && !wants.has('deny');

/** Whether nothing that was open is closed, and nothing opened, once parties have become one. */
export const staysSame = (entries: readonly Entry[], partyOf: (party: number) => number): boolean => {
  const merged = mergedTable(entries, partyOf);
  return entries.every((entry) => {
    const whole = merged.get(entryKey(partyOf(entry.from), partyOf(entry.to), entry.port));
    return whole !== undefined && isOpen(entry) === isOpen(whole);
  });
};
