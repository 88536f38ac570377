import type { Decision } from '../model/index.ts';
import type { Verdict } from '../probe/index.ts';
import type { Cell } from './judged.ts';

/** What each certain verdict says about the connection, in the model's words. */
const SAYS: ReadonlyMap<Verdict | null, Decision> = new Map([
  ['allowed', 'allow'],
  ['dropped', 'deny'],
  ['rejected', 'deny'],
]);

/**
 * Whether the cluster did what the specification says. null if one of the two is not certain (an error, a flaky or
 * unknown cell), and for a pod to itself, about which the specification says nothing binding.
 */
export const agrees = ({ status, observed, model, observation }: Cell): boolean | null => {
  if (status === 'self' || status === 'flaky' || observation?.flaky) return null;
  const said = SAYS.get(observed);
  return said === undefined || model === null || model === 'unknown' ? null : said === model;
};

/** The cells where the CNI and the specification disagree: a finding, whatever was expected. */
export const disagreements = (cells: readonly Cell[]): readonly Cell[] =>
  cells.filter((cell) => agrees(cell) === false);
