import { probeKey } from '../scenario/index.ts';
import type { Cell } from './judged.ts';
import type { StepResult } from './result.ts';

/** The cells that a step opened or closed. */
export interface Flips {
  readonly opened: readonly Cell[];
  readonly closed: readonly Cell[];
}

/** Whether a cell lets connections through; null if that is not known for certain. */
const isOpen = ({ status, observed, model }: Cell): boolean | null => {
  if (status === 'self' || status === 'flaky') return null;
  const seen = observed ?? model;
  if (seen === 'allowed' || seen === 'allow') return true;
  return seen === 'dropped' || seen === 'rejected' || seen === 'deny' ? false : null;
};

/** What differs from the step before, among the cells that both have. */
export const flipsSince = (
  { cells: before }: Pick<StepResult, 'cells'>,
  { cells: after }: Pick<StepResult, 'cells'>,
): Flips => {
  const was = new Map(before.map((cell) => [probeKey(cell), isOpen(cell)]));
  const opened = after.filter((cell) => was.get(probeKey(cell)) === false && isOpen(cell) === true);
  const closed = after.filter((cell) => was.get(probeKey(cell)) === true && isOpen(cell) === false);
  return { opened, closed };
};
