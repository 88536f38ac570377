import { type Prediction, predict, type Situation } from '../matrix/index.ts';
import { probeKey } from '../scenario/index.ts';

/** What the model says of each cell, by its key. */
export const decisionsIn = (situation: Situation): ReadonlyMap<string, Prediction['decision']> =>
  new Map(predict(situation).map((one) => [probeKey(one), one.decision]));

/** What a change does to a cell according to the model, or null if that is not known. What is expected plays no part. */
export const directionOf = (
  was: Prediction['decision'] | undefined,
  { decision, leftOpen }: Pick<Prediction, 'decision' | 'leftOpen'>,
): 'opened' | 'closed' | 'steady' | null => {
  if (was === undefined || was === 'unknown' || decision === 'unknown' || leftOpen) return null;
  if (was === decision) return 'steady';
  return decision === 'allow' ? 'opened' : 'closed';
};
