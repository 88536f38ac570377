import { setImmediate as nextTurn } from 'node:timers/promises';
import { PodreachError } from '../../errors.ts';
import {
  type Ask,
  decidedIn,
  decidesAs,
  type Finding,
  type Mismatch,
  minimize,
  sizeOf,
  type World,
  worldIn,
} from '../../minimize/index.ts';
import { cellText } from '../../report/minimize/index.ts';
import { probeKey, type Step } from '../../scenario/index.ts';
import type { Terminal } from '../terminal/index.ts';
import type { MinimizeFlags, Task } from './task.ts';

/**
 * Reduces a scenario for as long as the policies decide about the cell as they did. No cluster is needed. Throws a PodreachError if a
 * bundle is wanted of what is not wrong.
 */
export const minimizeByModel = async (
  { scenario, step, subject, world, triesAtMost }: Task,
  { signal }: Terminal,
  { bundle }: Pick<MinimizeFlags, 'bundle'>,
): Promise<{ readonly finding: Finding }> => {
  const decided = decidedIn(world);
  const mismatch: Extract<Mismatch, { kind: 'policies' }> = {
    kind: 'policies',
    cell: subject.cell,
    decision: decided.decision,
    expected: expectedOf(step, world),
  };
  if (bundle !== undefined && mismatch.expected === null)
    throw new PodreachError(`nothing is wrong with ${cellText(subject.cell)}, so there is nothing to bundle`, {
      hint: 'leave out --bundle, or say in the scenario what is expected of this cell',
    });
  const answer = decidesAs(decided);
  const ask: Ask = async (one) => {
    await nextTurn();
    if (signal.aborted) throw new PodreachError('interrupted');
    return answer(one);
  };
  const minimized = await minimize(subject, ask, triesAtMost);
  const after = sizeOf(worldIn(minimized.subject) ?? world);
  const { name, file } = scenario;
  const finding: Finding = {
    ...minimized,
    scenario: name,
    file,
    step: step.name,
    mismatch,
    before: sizeOf(world),
    after,
  };
  return { finding };
};

/** What is expected of the cell, if it is not what the policies do. */
const expectedOf = ({ expected }: Step, { cell, ...world }: World) => {
  const { decision } = decidedIn({ cell, ...world });
  const key = probeKey(cell);
  const { family: _, ...anyFamily } = cell;
  const wanted = Array.isArray(expected)
    ? expected.find((one) => [key, probeKey(anyFamily)].includes(probeKey(one)))?.expectation
    : undefined;
  return wanted === undefined || wanted === null || (wanted === 'allow') === (decision === 'allow') ? null : wanted;
};
