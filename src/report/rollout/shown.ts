import type { Action, Rollout } from '../../rollout/index.ts';
import { unseenIn, type Violation, type Walk } from '../../watch/index.ts';

/** The order that was planned, or the one in which the files are applied as written. */
export type Order = 'planned' | 'written';

/** An order that was gone through on running pods. */
export interface OrderProof {
  readonly order: Order;
  readonly walk: Walk;
  readonly violations: readonly Violation[];
}

/** A plan, what is in its files, in order, and what came of the proof. */
export interface ShownRollout extends Rollout {
  /** One for each action. */
  readonly files: readonly string[];
  readonly proofs: readonly OrderProof[];
}

export const actionsOf = ({ actions, written }: Rollout, order: Order): readonly Action[] =>
  order === 'written' ? written : (actions ?? []);

/** `namespace/name` of the policy. */
export const nameOf = (action: Action): string =>
  'temporary' in action ? `${action.temporary.namespace}/${action.temporary.name}` : action.policy.name;

/** 1 if there is no order, or one that was proven did harm; 2 if some cell was not seen all the time; otherwise 0. */
export const rolloutExitCode = ({ actions, proofs }: ShownRollout): 0 | 1 | 2 => {
  if (!actions || proofs.some(({ violations }) => violations.length > 0)) return 1;
  return proofs.some(({ walk }) => isUnproven(walk)) ? 2 : 0;
};

/** Whether it shows nothing, or not all. */
export const isUnproven = (walk: Walk): boolean => walk.watched.cells.length === 0 || unseenIn(walk).length > 0;
