import { LIMITS } from '../../../src/scenario/limits.ts';

export type Lower = Partial<Record<keyof typeof LIMITS, number>>;

/** Runs a test with lower limits, because what reaches the real ones takes long to read. */
export const withLimits = async <Result>(lower: Lower, work: () => Promise<Result>): Promise<Result> => {
  const before = { ...LIMITS };
  Object.assign(LIMITS, lower);
  try {
    return await work();
  } finally {
    Object.assign(LIMITS, before);
  }
};
