import { PodreachError } from '../errors.ts';
import type { StepResult } from '../matrix/index.ts';
import { faultOf, type RecordedFault } from '../record/index.ts';
import { stepText } from '../report/index.ts';
import { readDuration } from '../scenario/index.ts';
import { durationText } from '../stopwatch.ts';
import { quoted } from '../text.ts';
import type { Finding } from './connection.ts';

/** Milliseconds, or as in scenario.yaml: `500ms`, `2s`. */
export type Duration = number | string;

/** Faults that are known to have taken longer. */
const LATE: ReadonlySet<RecordedFault | null> = new Set(['too-late', 'not-enforced']);

/** Whether every cell that the step changes was enforced in this time; not known if one could not be timed. */
export const findEnforcement = (step: StepResult, limit: Duration): Finding => {
  const withinMs = limitOf(limit);
  const { recording } = step;
  if (!recording)
    throw new PodreachError(`how long the step ${quoted(step.name)} took to be enforced was not recorded`, {
      hint: 'record it: `record: true` in describeScenarios, `podreach run --record`; the first step changes nothing',
    });
  const changed = recording.cells.filter(({ direction }) => direction !== 'steady');
  if (changed.length === 0) throw new PodreachError(`the step ${quoted(step.name)} changes no cell that was recorded`);
  const limited = { ...recording, withinMs };
  const faults = changed.map((cell) => faultOf(cell, limited));
  const isLate = recording.lateNodes !== undefined || faults.some((fault) => LATE.has(fault));
  const holds = isLate ? false : faults.every((fault) => fault === null) || null;
  const text = stepText({ name: step.name, status: 'fail', timings: {}, cells: [], recording: limited });
  const about = (how: string) =>
    `expected every change ${how} enforced within ${durationText(withinMs)}${holds === null ? ', which is not known' : ''}\n\n${text}\n`;
  return { holds, message: about('to be'), negated: about('not to be') };
};

const limitOf = (limit: Duration): number => {
  const ms = typeof limit === 'number' ? limit : readDuration(limit);
  if (ms !== null && ms > 0) return ms;
  throw new PodreachError(`${quoted(limit)} is not a time`, { hint: 'write milliseconds, or 500ms, 2s' });
};
