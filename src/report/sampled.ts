import type { StepResult } from '../matrix/index.ts';

/** Says how many cells were probed, if not all. */
export const sampledLines = ({ sampled }: StepResult): string[] => {
  if (!sampled) return [];
  const { pairs, random, all } = sampled;
  return [
    `probed ${pairs + random} of ${all} cells between different ends: ${pairs} that stand for all pairs of pods that nothing can tell apart, and ${random} of the others at random`,
  ];
};
