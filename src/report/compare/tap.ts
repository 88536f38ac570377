import type { ComparedResult } from '../../compare/index.ts';
import { planText, pointText, type TapPoint } from '../tap-lines.ts';
import { comparedFindings, comparedOutcome, lonelyScenarios } from './outcome.ts';

/** A test point for each comparison; it is skipped if nothing is forbidden. The version is written before. */
export function* comparedTap(result: ComparedResult): Generator<string> {
  const points: readonly Omit<TapPoint, 'number'>[] = [
    ...result.comparisons.map((comparison) => {
      const { outcome, text: message } = comparedOutcome(comparison, result);
      return { name: comparison.name, outcome, message, findings: comparedFindings(comparison, result) };
    }),
    ...lonelyScenarios(result).map(({ name, text: message }) => {
      return { name, outcome: 'skipped', message, findings: [] } as const;
    }),
  ];
  for (const [at, point] of points.entries()) yield pointText({ ...point, number: at + 1 });
  yield planText(points.length);
}
