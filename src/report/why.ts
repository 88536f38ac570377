import { type Cell, disagreements, modelOf, type Situation, worldOf } from '../matrix/index.ts';
import { advise, explainProbe } from '../model/index.ts';
import { probeKey } from '../scenario/index.ts';
import { explanationSummary } from './explain/explanation.ts';

/** More would bury what is wrong. */
const EXPLAINED_AT_MOST = 5;

/** Each change that is advised has been tried on all of the matrix: in a larger one `podreach explain` does that. */
const ADVISED_CELLS = 20_000;
const ADVISED_POLICIES = 300;

/**
 * Why the policies let each of the first findings through or not, in lines for people, by the cell's key: of the
 * mismatches, then of the cells where the CNI and the specification disagree.
 */
export const whyOf = (cells: readonly Cell[], situation: Situation): ReadonlyMap<string, readonly string[]> => {
  const findings = new Set([...cells.filter(({ status }) => status === 'mismatch'), ...disagreements(cells)]);
  const policies = situation.policies.map(({ spec }) => spec);
  const isLarge = cells.length > ADVISED_CELLS || policies.length > ADVISED_POLICIES;
  const explained = [...findings].slice(0, EXPLAINED_AT_MOST).map((cell): [string, readonly string[]] => {
    const model = modelOf(situation, cell.family);
    const input = { world: worldOf(situation, cell.family), policies };
    const isWanted = cell.model === 'deny' && cell.expected === 'allow';
    const advice = isWanted && !isLarge ? advise(input, cell) : null;
    return [probeKey(cell), explanationSummary(explainProbe(model, cell), advice)];
  });
  return new Map(explained);
};
