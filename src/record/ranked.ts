/** The value at this part of a sorted list, by the nearest rank: one that was measured. Undefined if there is none. */
export const rankedAt = (sorted: readonly number[], part: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
