import type { RunResult } from '../matrix/index.ts';

/**
 * 0 if every scenario passed, 1 if one failed, 2 if one could not be judged or there was none: what is not known
 * outranks what is wrong.
 */
export const exitCodeOf = ({ scenarios, problem }: RunResult): 0 | 1 | 2 => {
  if (problem !== undefined) return 2;
  const statuses = new Set(scenarios.map(({ status }) => status));
  if (statuses.has('error') || statuses.size === 0) return 2;
  return statuses.has('fail') ? 1 : 0;
};
