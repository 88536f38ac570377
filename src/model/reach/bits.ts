/** Sets of small numbers, as bits in 32-bit words. */
export type Bits = Uint32Array;

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5);

/** All numbers below `size`. */
export const fullBits = (size: number): Bits => {
  const bits = emptyBits(size).fill(0xffffffff);
  if (size & 31) bits[bits.length - 1] = (1 << (size & 31)) - 1;
  return bits;
};

export const hasBit = (bits: Bits, at: number): boolean => ((word(bits, at >>> 5) >>> (at & 31)) & 1) === 1;

export const setBit = (bits: Bits, at: number): void => {
  bits[at >>> 5] = word(bits, at >>> 5) | (1 << (at & 31));
};

/** Adds the other set, or with `where` only that part of it. */
export const addBits = (bits: Bits, other: Bits, where?: Bits): void => {
  for (let at = 0; at < bits.length; at += 1)
    bits[at] = word(bits, at) | (where ? word(other, at) & word(where, at) : word(other, at));
};

/** Keeps only what the other set also has. */
export const keepBits = (bits: Bits, other: Bits): void => {
  for (let at = 0; at < bits.length; at += 1) bits[at] = word(bits, at) & word(other, at);
};

/** Keeps only what the other set does not have. */
export const dropBits = (bits: Bits, other: Bits): void => {
  for (let at = 0; at < bits.length; at += 1) bits[at] = word(bits, at) & ~word(other, at);
};

export const isEqual = (one: Bits, other: Bits): boolean => {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
};

/** Calls back in order with each number that is in only one of the sets. */
export const forEachDifference = (one: Bits, other: Bits, call: (at: number) => void): void => {
  for (let at = 0; at < one.length; at += 1)
    for (let rest = word(one, at) ^ word(other, at); rest !== 0; rest &= rest - 1)
      call(at * 32 + 31 - Math.clz32(rest & -rest));
};

const word = (bits: Bits, at: number): number => bits[at] as number;

/**
 * Transposes a square matrix of bits; the columns share one buffer. Works on blocks of 32 x 32, each by halves (Warren,
 * Hacker's Delight, section 7-3).
 */
export const transposeBits = (rows: readonly Bits[]): readonly Bits[] => {
  const size = rows.length;
  const stride = (size + 31) >>> 5;
  const turned = new Uint32Array(size * stride);
  const block = new Uint32Array(32);
  for (let down = 0; down < stride; down += 1) {
    const height = Math.min(32, size - down * 32);
    for (let across = 0; across < stride; across += 1) {
      let any = 0;
      for (let at = 0; at < 32; at += 1) {
        const own = at < height ? word(rows[down * 32 + at] as Bits, across) : 0;
        block[at] = own;
        any |= own;
      }
      if (any === 0) continue;
      transposeBlock(block);
      // Columns past the last one are empty, and would lie beyond the end, where a typed array ignores writes.
      for (let at = 0; at < 32; at += 1) turned[(across * 32 + at) * stride + down] = word(block, at);
    }
  }
  return rows.map((_, at) => turned.subarray(at * stride, (at + 1) * stride));
};

/** Bit 0 is the first column, so the halves swap in the opposite direction from the book. */
const transposeBlock = (block: Uint32Array): void => {
  for (let width = 16, mask = 0x0000ffff; width !== 0; width >>>= 1, mask ^= mask << width)
    for (let at = 0; at < 32; at = (at + width + 1) & ~width) {
      const swapped = ((word(block, at) >>> width) ^ word(block, at + width)) & mask;
      block[at] = word(block, at) ^ (swapped << width);
      block[at + width] = word(block, at + width) ^ swapped;
    }
};

export const clearBit = (bits: Bits, at: number): void => {
  bits[at >>> 5] = (bits[at >>> 5] as number) & ~(1 << (at & 31));
};

/** Classes of endpoints at the other end: those that surely get through, and those plus the ones that may. */
export interface Row {
  readonly sure: Bits;
  readonly possible: Bits;
}
