import type { ComparedResult } from '../../compare/index.ts';
import { planText, pointText, type TapPoint } from '../tap-lines.ts';
import { liveStates } from './live.ts';
import { comparedFindings, comparedOutcome, lonelyScenarios } from './outcome.ts';

/** A test point for each comparison; it is skipped if nothing is forbidden. The version is written before. */
export function* comparedTap(result: ComparedResult): Generator<string> {
  const points: readonly Omit<TapPoint, 'number'>[] = [
    ...result.comparisons.flatMap((comparison) => {
      const { outcome, text: message } = comparedOutcome(comparison, result);
      const states = liveStates(comparison).map(({ text, lines, ...state }) => ({
        ...state,
        message: text,
        findings: lines,
      }));
      return [{ name: comparison.name, outcome, message, findings: comparedFindings(comparison, result) }, ...states];
    }),
    ...lonelyScenarios(result).map(({ name, text: message }) => {
      return { name, outcome: 'skipped', message, findings: [] } as const;
    }),
  ];
  for (const [at, point] of points.entries()) yield pointText({ ...point, number: at + 1 });
  yield planText(points.length);
}
