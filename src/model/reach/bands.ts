/** Sources of which only those that a destination lets in differ. */
import { addBits, type Bits, dropBits, emptyBits, hasBit, isEqual, keepBits, type Row, setBit } from './bits.ts';
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
    const rows = `${before && idOf(was.egress(before))} ${after && idOf(is.egress(after))}`;
    return `${rows} ${kindOf(before)} ${kindOf(after)} ${before === after}`;
  };
  return [...Map.groupBy(sources, keyOf).values()].map((own): Band => {
    const [sample] = own as [PairedClass];
    const [before, after] = [sample.before && was.egress(sample.before), sample.after && is.egress(sample.after)];
    const isUntouched = sample.before === sample.after && before !== null && before === after;
    return { sources: own, sample, before, after, untouched: isUntouched ? bitsIn(own, before) : null };
  });
};

/** Equal for endpoints between which the same is probed. */
export const kindOf = (own: PairedClass['before']): number =>
  own ? KINDS[own.sample.kind] + Number(own.sample.hostNetwork) : 0;

const KINDS = { pod: 2, host: 4, node: 6, kubelet: 8 } as const;

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

/**
 * The classes of bits as a list. Equal bits give the same list, because whoever reads it takes it to pieces, and
 * remembers what is found.
 */
export const createLists = (pairs: readonly PairedClass[]): ((bits: Bits) => readonly PairedClass[]) => {
  const untouched = pairs.filter(({ before, after }) => before !== null && before === after);
  const known = new Map<number, { readonly bits: Bits; readonly list: readonly PairedClass[] }[]>();
  return (bits) => {
    const hash = hashOf(bits);
    const same = known.get(hash) ?? [];
    known.set(hash, same);
    const found = same.find((one) => isEqual(one.bits, bits));
    if (found) return found.list;
    const list = untouched.filter(({ before }) => before && hasBit(bits, before.id));
    same.push({ bits: bits.slice(), list });
    return list;
  };
};

const hashOf = (bits: Bits): number => {
  let hash = 0;
  for (const own of bits) hash = (Math.imul(hash, 31) + own) | 0;
  return hash;
};

/**
 * The sources of which nothing decides whether they get through: let out perhaps, or for sure and let in perhaps. Overwrites
 * `sure`, because millions of sets would have to be collected.
 */
export const undecidedOf = (sure: Bits, perhaps: Bits, into: Row): Bits => {
  dropBits(sure, into.sure);
  addBits(sure, perhaps);
  keepBits(sure, into.possible);
  return sure;
};
