/** The cells of a step that its change opened or closed late, or not at all. */
import type { LateCell, StepResult } from '../matrix/index.ts';
import { durationText } from '../stopwatch.ts';
import { bounded } from '../text.ts';
import { probeText } from './probe-text.ts';

const LISTED_AT_MOST = 20;

/** One line for each cell, those first that never changed; 20 at most. */
export const lateLines = ({ late }: Pick<StepResult, 'late'>): string[] => {
  if (!late) return [];
  const { true: never = [], false: others = [] } = Object.groupBy(late.cells, ({ afterMs }) => `${afterMs === null}`);
  return bounded([...never, ...others], LISTED_AT_MOST, (cell) => [lateLine(cell, late.deadlineMs)]);
};

const lateLine = (cell: LateCell, deadlineMs: number): string =>
  cell.afterMs === null
    ? `not enforced after ${durationText(deadlineMs)}: ${probeText(cell)} is still ${cell.direction === 'closed' ? 'open' : 'blocked'}, although its nodes have followed`
    : `enforced late: ${probeText(cell)} ${cell.direction} after ${durationText(cell.afterMs)}, although its nodes had followed before`;
