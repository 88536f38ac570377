import { modelOf } from '../matrix/index.ts';
import { DIRECTIONS, type Direction } from '../model/index.ts';
import { createBackends } from './backends.ts';
import { type Closed, closedOf } from './closed.ts';
import { type Lookups, lookupFlows, lookupsOf } from './dns.ts';
import { flowsOf } from './flows.ts';
import { isExposed, isMet, outcomesOf } from './outcome.ts';
import { partiesOf } from './parties.ts';
import { planOf, type Widening } from './plan.ts';
import { type AdvisedPolicy, policiesOf } from './policies.ts';
import type { Wanted, WantedCell } from './wanted.ts';
import { createWhy, type Unmet } from './why.ts';
import { widened } from './widen.ts';

/** Least-privilege policies, and how far they do what is wanted, as the model predicts each cell of the matrix. */
export interface Advised {
  readonly policies: readonly AdvisedPolicy[];
  readonly closed: Closed;
  /** How many cells come out as wanted. */
  readonly met: number;
  /** Cells that don't: no policies do what is wanted of them, or none that select by labels that last. */
  readonly unmet: readonly Unmet[];
  /** Cells of which nothing is known and that are open all the same, or may be: labels don't tell them from open ones. */
  readonly exposed: readonly WantedCell[];
  /** Other cells of which nothing is known; where policies decide, they are closed. */
  readonly unknown: readonly WantedCell[];
  /** Ports that are open to everyone, because what is to be allowed can't be described. */
  readonly widenings: readonly Widening[];
}

export interface AdviseOptions {
  /** Which directions may be closed; both by default. */
  readonly directions?: readonly Direction[];
}

/**
 * Policies for a matrix: each namespace is closed in the directions that need it, and then opened for each application. The
 * result is what the model predicts of them, so a cell that comes out otherwise is always named.
 */
export const adviseFor = (wanted: Wanted, { directions = DIRECTIONS }: AdviseOptions = {}): Advised => {
  const { topology, families, cells } = wanted;
  const backends = createBackends(modelOf({ topology, families, policies: [] }));
  const parties = partiesOf(wanted, [...flowsOf(wanted, backends), ...lookupFlows(wanted)]);
  const closed = closedOf(wanted, directions);
  const lookups: (app: (typeof parties.apps)[number]) => Lookups = lookupsOf(wanted, parties, backends);
  const policiesWith = (widenings: readonly Widening[]): readonly AdvisedPolicy[] =>
    policiesOf(planOf(parties, closed, lookups, widenings));
  const outcomesWith = (widenings: readonly Widening[]) => outcomesOf(wanted, policiesWith(widenings));
  const { widenings, outcomes } = widened({ wanted, parties, closed, backends, outcomesWith });
  const whyOf = createWhy(wanted, parties, backends);
  const unmet = outcomes.filter((one) => !isMet(one)).map((one): Unmet => ({ ...one, why: whyOf(one) }));
  const exposed = new Set(
    outcomes.flatMap((one) => (one.cell.doubt !== undefined && isExposed(one) ? [one.cell] : [])),
  );
  return {
    policies: policiesWith(widenings),
    ...{ closed, unmet, widenings },
    met: cells.filter(({ expectation }) => expectation !== null).length - unmet.length,
    exposed: [...exposed],
    unknown: cells.filter((cell) => cell.doubt !== undefined && !exposed.has(cell)),
  };
};
