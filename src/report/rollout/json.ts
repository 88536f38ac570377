import type { Action } from '../../rollout/index.ts';
import { unseenIn } from '../../watch/index.ts';
import { actionsOf, nameOf, type OrderProof, type ShownRollout } from './shown.ts';

/** A plan for machines; times are in ms. */
export const rolloutObject = (rollout: ShownRollout) => ({
  actions: rollout.actions?.map((action, at) => ({ ...actionObject(action), file: rollout.files[at] })) ?? null,
  written: { actions: rollout.written.map(actionObject), damages: rollout.naive },
  undecided: rollout.undecided,
  live: rollout.proofs.map((proof) => proofObject(proof, actionsOf(rollout, proof.order))),
});

const actionObject = (action: Action) => ({ kind: action.kind, policy: nameOf(action) });

const proofObject = ({ order, walk, violations }: OrderProof, actions: readonly Action[]) => {
  const { states, watched } = walk;
  const sum = (of: 'samples' | 'lost'): number => watched.cells.reduce((total, cell) => total + cell[of], 0);
  return {
    ...{ order, tickMs: watched.tickMs, lastedMs: watched.toMs - watched.fromMs },
    ...{ cells: watched.cells.length, byMatrix: watched.cells.filter(({ by }) => by === 'matrix').length },
    ...{ connections: sum('samples'), lost: sum('lost') },
    states: states.map(({ enforcedMs, unseen }, at) => {
      const action = actions[at - 1];
      return { action: action ? actionObject(action) : null, enforcedMs, unseen };
    }),
    unseen: unseenIn(walk).length,
    violations,
  };
};
