/** How the pods of a step started, as a table. */
import type { StepResult } from '../../matrix/index.ts';
import { howStarted, startNotes, startsText, startTable } from '../starts.ts';
import type { PageMeasured } from './page-data.ts';

/** undefined if no start was measured. */
export const startsOf = ({ starts }: Pick<StepResult, 'starts'>): PageMeasured | undefined => {
  if (!starts) return undefined;
  const isMeasured = starts.cells.length > 0;
  const [[, ...head] = [], ...rows] = isMeasured ? startTable(starts) : [];
  return {
    title: 'Starts',
    how: isMeasured ? `${startsText(starts)}: ${howStarted(starts)}` : 'Nothing could be measured as pods started.',
    times: isMeasured ? [['window', ...head], ...rows] : [],
    notes: startNotes(starts),
  };
};
