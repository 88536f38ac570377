import { modelOf } from '../matrix/index.ts';
import { type Decision, type Direction, decide, decidersOf } from '../model/index.ts';
import type { Answer, Ask } from './minimize.ts';
import type { World } from './subject.ts';

/** What the policies decide about a cell, and at which of its ends. */
export interface Decided {
  readonly decision: Decision;
  /** The ends that matter to it: those that deny, or those that policies isolate and yet let through. */
  readonly sides: readonly Direction[];
}

export const decidedIn = ({ cell, ...situation }: World): Decided => {
  const model = modelOf(situation, cell.family);
  const decision = decide(model, cell);
  const sides = decidersOf(model, cell).filter((side) =>
    decision === 'allow' ? side.isolating.length > 0 : side.decision === decision,
  );
  return { decision, sides: sides.map(({ direction }) => direction) };
};

/** Whether the policies still decide as they did, at the same ends of the cell. */
export const decidesAs =
  ({ decision, sides }: Decided): Ask =>
  async (world): Promise<Answer> => {
    const now = decidedIn(world);
    return now.decision === decision && now.sides.join() === sides.join() ? 'shows' : 'gone';
  };
