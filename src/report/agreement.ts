import type { StepResult } from '../matrix/index.ts';

/** Says how many matrices were taken, if one proves too little. */
export const agreementLines = ({ agreement }: StepResult): string[] => {
  if (!agreement) return [];
  const { matrices, agreed } = agreement;
  const why = "this cluster's CNI does not enforce policies in a known order";
  return [
    agreed
      ? `matrices: ${matrices} taken until two in a row agreed, because ${why}`
      : `matrices: ${matrices} taken, and the last two still differ (${why})`,
  ];
};
