/** Sets of rules, as bits, because every cell of a matrix looks them all up. */
export type RuleBits = Uint32Array;

export const noRules = (count: number): RuleBits => new Uint32Array((count + 31) >>> 5);

export const addRule = (bits: RuleBits, rule: number): void => {
  bits[rule >>> 5] = (bits[rule >>> 5] ?? 0) | (1 << (rule & 31));
};

export const hasRule = (bits: RuleBits, rule: number): boolean => (((bits[rule >>> 5] ?? 0) >>> (rule & 31)) & 1) === 1;

/** The last rule that is in all of the sets, or -1; every such rule goes to `met`. */
export const lastOfAll = (one: RuleBits, other: RuleBits, third: RuleBits, met: RuleBits): number => {
  let last = -1;
  for (let at = one.length - 1; at >= 0; at -= 1) {
    const both = (one[at] ?? 0) & (other[at] ?? 0) & (third[at] ?? 0);
    if (both === 0) continue;
    met[at] = (met[at] ?? 0) | both;
    if (last < 0) last = at * 32 + 31 - Math.clz32(both);
  }
  return last;
};
