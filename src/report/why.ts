import { type Cell, disagreements, modelOf, type Situation, worldOf } from '../matrix/index.ts';
import { advise, explain, routeProbe } from '../model/index.ts';
import { probeKey } from '../scenario/index.ts';
import { explanationSummary } from './explanation.ts';
import { routeText } from './route-text.ts';

/** More would bury what is wrong. */
const EXPLAINED_AT_MOST = 5;

/**
 * Why the policies let each of the first findings through or not, in lines for people, by the cell's key: of the
 * mismatches, then of the cells where the CNI and the specification disagree.
 */
export const whyOf = (cells: readonly Cell[], situation: Situation): ReadonlyMap<string, readonly string[]> => {
  const findings = new Set([...cells.filter(({ status }) => status === 'mismatch'), ...disagreements(cells)]);
  const policies = situation.policies.map(({ spec }) => spec);
  const explained = [...findings].slice(0, EXPLAINED_AT_MOST).map((cell): [string, readonly string[]] => {
    const model = modelOf(situation, cell.family);
    const route = routeProbe(model, cell);
    const note = routeText(route);
    if (!route.probe) return [probeKey(cell), note];
    const input = { world: worldOf(situation, cell.family), policies };
    const advice = cell.model === 'deny' && cell.expected === 'allow' ? advise(input, route.probe) : null;
    return [probeKey(cell), [...note, ...explanationSummary(explain(model, route.probe), advice)]];
  });
  return new Map(explained);
};
