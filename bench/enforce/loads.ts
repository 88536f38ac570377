/** Policies that arrive together. */
export interface Load {
  readonly count: number;
  /** All at once if undefined. */
  readonly perSecond?: number;
  /** How many `except` blocks each policy has. */
  readonly excepts: number;
}

const atOnce = [1, 10, 100, 1_000].map((count): Load => ({ count, excepts: 0 }));
const inTurn = [10, 100, 1_000].map((count): Load => ({ count, excepts: 0, perSecond: 10 }));
/** Each block of an `except` becomes entries of its own in the kernel, so this is the bad case. */
const withExcepts = [1, 10, 100].map((count): Load => ({ count, excepts: 200 }));

export const loads: readonly Load[] = [...atOnce, ...inTurn, ...withExcepts];
