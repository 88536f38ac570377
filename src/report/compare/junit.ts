/** A comparison as JUnit XML: a test case for each, which is skipped if nothing is forbidden. */
import type { ComparedResult } from '../../compare/index.ts';
import { type JunitCase, junitText } from '../junit-xml.ts';
import { liveStates } from './live.ts';
import { comparedFindings, comparedOutcome, lonelyScenarios } from './outcome.ts';

export const comparedJunit = (result: ComparedResult): Iterable<string> => {
  const cases: readonly JunitCase[] = [
    ...result.comparisons.flatMap((comparison): readonly JunitCase[] => {
      const { outcome, text } = comparedOutcome(comparison, result);
      const shared = { name: comparison.name, className: 'podreach compare', outcome, message: text };
      const states = liveStates(comparison).map((state) => {
        return { ...state, className: 'podreach compare', message: state.text };
      });
      return [{ ...shared, lines: comparedFindings(comparison, result) }, ...states];
    }),
    ...lonelyScenarios(result).map(({ name, text }): JunitCase => {
      return { name, className: 'podreach compare', outcome: 'skipped', message: text, lines: [] };
    }),
  ];
  return junitText([{ name: `podreach compare ${result.before} → ${result.after}`, cases }]);
};
