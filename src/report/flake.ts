/** How often a flaky cell changed. */
import { flakeRateOf, type StepResult } from '../matrix/index.ts';
import type { Observation, VerdictCounts } from '../probe/index.ts';
import { plural } from '../text.ts';

/** `2 attempts`, or `10 matrices (allowed 9, dropped 1; flake rate 10 %)`. */
export const flakeText = (observation: Pick<Observation, 'attempts' | 'tally'> | null): string =>
  observation?.tally ? tallyText(observation.tally) : plural(observation?.attempts ?? 0, 'attempt');

/** `10 matrices (allowed 9, dropped 1; flake rate 10 %)` */
export const tallyText = (tally: VerdictCounts): string => {
  const counts = Object.entries(tally).toSorted(([, one], [, other]) => other - one);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const texts = counts.map(([what, count]) => `${what} ${count}`).join(', ');
  return `${plural(all, 'matrix', 'matrices')} (${texts}; flake rate ${percent(flakeRateOf(tally))})`;
};

/** Never 0 % for what happened. */
const percent = (part: number): string => `${part > 0 && part < 0.01 ? '<1' : Math.round(100 * part)} %`;

/** What the tools said, and before it how often a flaky cell changed, for formats that have no other place for it. */
export const detailOf = ({ flaky, tally, detail }: Pick<Observation, 'flaky' | 'tally' | 'detail'>): string =>
  [...(flaky && tally ? [`flaky in ${tallyText(tally)}`] : []), ...(detail === '' ? [] : [detail])].join('; ');

/** Says how often the matrix was taken, if more than once. */
export const repeatedLines = ({ repeats }: StepResult): string[] =>
  repeats === undefined ? [] : [`the matrix was taken ${repeats} times`];
