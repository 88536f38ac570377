/** Sources of which only those that a destination lets in differ. */
import type { Decision } from '../decide.ts';
import { type Bits, dropBits, emptyBits, hasBit, keepBits, type Row, setBit } from './bits.ts';
import type { PairedClass } from './paired.ts';
import type { Rows } from './rows.ts';

/** Sources with the same egress rules, that are of the same kind. */
export interface Band {
  readonly sources: readonly PairedClass[];
  readonly sample: PairedClass;
  /** What they are let out to on each side; null if they are not there. */
  readonly before: Row | null;
  readonly after: Row | null;
  /** Their classes, if they look the same on both sides and the same rules let them out. */
  readonly untouched: Bits | null;
}

export const bandsOf = (sources: readonly PairedClass[], was: Rows, is: Rows): readonly Band[] => {
  const idOf = createIds();
  const keyOf = ({ before, after }: PairedClass): string => {
    const rows = [before && idOf(was.egress(before)), after && idOf(is.egress(after))];
    return [...rows, kindOf(before), kindOf(after), before === after].join(' ');
  };
  return [...Map.groupBy(sources, keyOf).values()].map((own): Band => {
    const [sample] = own as [PairedClass];
    const [before, after] = [sample.before && was.egress(sample.before), sample.after && is.egress(sample.after)];
    const isUntouched = sample.before === sample.after && before !== null && before === after;
    return { sources: own, sample, before, after, untouched: isUntouched ? bitsIn(own, before) : null };
  });
};

/** Equal for endpoints between which the same is probed. */
export const kindOf = (own: PairedClass['before']): string =>
  own ? `${own.sample.kind} ${own.sample.hostNetwork}` : '';

/** Numbers things; the same thing always gets the same number. */
export const createIds = (): ((thing: unknown) => number) => {
  const ids = new Map<unknown, number>();
  return (thing) => {
    const id = ids.get(thing) ?? ids.size;
    ids.set(thing, id);
    return id;
  };
};

const bitsIn = (sources: readonly PairedClass[], { sure }: Row): Bits => {
  const bits = emptyBits(32 * sure.length);
  for (const { before } of sources) if (before) setBit(bits, before.id);
  return bits;
};

const NOBODY: readonly PairedClass[] = [];

/**
 * Finds the sources of bands that nothing decides about, where nothing differs between the sides: from what lets them
 * out and what lets them in. The same sources are the same list, because whoever reads it takes it to pieces.
 */
export const createUndecided = () => {
  const idOf = createIds();
  const known = new Map<string, readonly PairedClass[]>();
  const once = (key: string, find: () => readonly PairedClass[]): readonly PairedClass[] => {
    const list = known.get(key) ?? find();
    known.set(key, list);
    return list;
  };
  const inBand = ({ sources, untouched }: Band, out: Decision, { sure, possible }: Row): readonly PairedClass[] => {
    if (!untouched || out === 'deny') return NOBODY;
    const bits = untouched.slice();
    keepBits(bits, possible);
    if (out === 'allow') dropBits(bits, sure);
    return bits.some((word) => word !== 0) ? sources.filter(({ before }) => before && hasBit(bits, before.id)) : NOBODY;
  };
  return {
    inBand: (band: Band, out: Decision, into: Row): readonly PairedClass[] =>
      once(`${idOf(band)} ${out} ${idOf(into)}`, () => inBand(band, out, into)),
    joined: (lists: readonly (readonly PairedClass[])[]): readonly PairedClass[] =>
      lists.length > 1 ? once(lists.map(idOf).join(), () => lists.flat()) : (lists[0] ?? NOBODY),
  };
};
