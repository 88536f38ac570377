import type { Agreement } from '../matrix/index.ts';
import type { Observation, VerdictCounts } from '../probe/index.ts';
import type { Matrix } from './matrix.ts';

/**
 * Takes a matrix so many times, one after another, and gives one observation for each cell: the last, with how many
 * matrices saw what. A cell that matrices saw differently is flaky, and one that broke in any of them is an error. Nothing
 * here knows what is expected.
 * @param taken The first one, if it has been taken already.
 */
export const takeRepeatedly = async (times: number, take: () => Promise<Matrix>, taken?: Matrix): Promise<Matrix> => {
  const first = taken ?? (await take());
  if (times < 2) return first;
  const matrices = [first];
  while (matrices.length < times) matrices.push(await take());
  const agreement = agreementOf(matrices.flatMap((one) => one.agreement ?? []));
  return {
    observations: first.observations.map((_, cell) =>
      merged(matrices.map(({ observations }) => observations[cell] as Observation)),
    ),
    ...(agreement && { agreement }),
  };
};

/** @param seen The observations of one cell. */
const merged = (seen: readonly Observation[]): Observation => {
  const last = seen.at(-1) as Observation;
  const attempts = seen.reduce((sum, one) => sum + one.attempts, 0);
  const tally = tallyOf(seen);
  const broken = seen.findLast(({ verdict }) => verdict === 'error');
  if (broken) return { ...broken, attempts, tally };
  return { ...last, attempts, tally, flaky: tally.flaky !== undefined || Object.keys(tally).length > 1 };
};

const tallyOf = (seen: readonly Observation[]): VerdictCounts => {
  const tally: { -readonly [Key in keyof VerdictCounts]: VerdictCounts[Key] } = {};
  for (const { flaky, verdict } of seen) {
    const what = flaky ? 'flaky' : verdict;
    tally[what] = (tally[what] ?? 0) + 1;
  }
  return tally;
};

const agreementOf = (all: readonly Agreement[]): Agreement | undefined =>
  all.length === 0
    ? undefined
    : {
        matrices: Math.max(...all.map(({ matrices }) => matrices)),
        agreed: all.every(({ agreed }) => agreed),
      };
