import { type Advice, advise, explainProbe, type ProbeExplanation } from '../model/index.ts';
import { probeKey } from '../scenario/index.ts';
import { disagreements } from './agreement.ts';
import type { Cell } from './judged.ts';
import { modelOf, type Situation, worldOf } from './predict.ts';

/** Why a cell came out as it did by the policies, and what would open it; no advice if it should not be open. */
export interface Why {
  readonly explained: ProbeExplanation;
  readonly advice: Advice | null;
}

/** More would bury what is wrong. */
const EXPLAINED_AT_MOST = 5;

/** Each advised change is tried on the whole matrix; in a larger one only `podreach explain` does that. */
const ADVISED_CELLS = 20_000;
const ADVISED_POLICIES = 300;

/**
 * Why policies allow or block each of the first findings, by the cell's key: first the mismatches, then the cells
 * where the CNI and the specification disagree.
 */
export const whyOf = (cells: readonly Cell[], situation: Situation): ReadonlyMap<string, Why> => {
  const findings = new Set([...cells.filter(({ status }) => status === 'mismatch'), ...disagreements(cells)]);
  const policies = situation.policies.map(({ spec }) => spec);
  const isLarge = cells.length > ADVISED_CELLS || policies.length > ADVISED_POLICIES;
  const explained = [...findings].slice(0, EXPLAINED_AT_MOST).map((cell): [string, Why] => {
    const input = { world: worldOf(situation, cell.family), policies };
    const isWanted = cell.model === 'deny' && cell.expected === 'allow';
    const advice = isWanted && !isLarge ? advise(input, cell) : null;
    return [probeKey(cell), { explained: explainProbe(modelOf(situation, cell.family), cell), advice }];
  });
  return new Map(explained);
};
