import type { StepResult } from '../matrix/index.ts';
import { printable } from '../text.ts';

/** Where to look for what the cluster was like. */
export const evidenceLines = ({ evidence }: StepResult): string[] =>
  evidence === undefined ? [] : [`evidence: ${printable(evidence)}`];
