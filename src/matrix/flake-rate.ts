import type { VerdictCounts } from '../probe/index.ts';

/**
 * The part of the matrices, from 0 to 1, that did not see what most of them saw. Those that broke saw nothing, and don't
 * count.
 */
export const flakeRateOf = ({ error: _, flaky = 0, ...verdicts }: VerdictCounts): number => {
  const counts = Object.values(verdicts);
  const all = counts.reduce((sum, count) => sum + count, flaky);
  return all === 0 ? 0 : (all - Math.max(0, ...counts)) / all;
};
