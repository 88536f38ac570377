import { type Addresses, type Cell, disagreements, modelOf, worldOf } from '../matrix/index.ts';
import { advise, explain } from '../model/index.ts';
import { probeKey, type ReadPolicy, type Topology } from '../scenario/index.ts';
import { explanationSummary } from './explanation.ts';

/** More would bury what is wrong. */
const EXPLAINED_AT_MOST = 5;

export interface Explained {
  readonly topology: Topology;
  readonly policies: readonly ReadPolicy[];
  readonly addresses?: Addresses;
}

/**
 * Why the policies let each of the first findings through or not, in lines for people, by the cell's key: of the
 * mismatches, then of the cells where the CNI and the specification disagree.
 */
export const whyOf = (
  cells: readonly Cell[],
  { topology, policies, addresses }: Explained,
): ReadonlyMap<string, readonly string[]> => {
  const findings = new Set([...cells.filter(({ status }) => status === 'mismatch'), ...disagreements(cells)]);
  const input = { world: worldOf(topology, addresses), policies: policies.map(({ spec }) => spec) };
  const model = modelOf(topology, policies, addresses);
  const explained = [...findings].slice(0, EXPLAINED_AT_MOST).map((cell): [string, readonly string[]] => {
    const explanation = explain(model, cell);
    const advice = cell.model === 'deny' && cell.expected === 'allow' ? advise(input, cell) : null;
    return [probeKey(cell), explanationSummary(explanation, advice)];
  });
  return new Map(explained);
};
