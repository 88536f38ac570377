/** How the cells of a step changed, as strips of time. */
import type { StepResult } from '../../matrix/index.ts';
import type { RecordedCell, Recording } from '../../record/index.ts';
import { durationText } from '../../stopwatch.ts';
import { printable } from '../../text.ts';
import { probeText } from '../probe-text.ts';
import { enforcedText, type Faulty, faultsIn, faultText, howRecorded, timesTable } from '../recording.ts';
import { openParts, partOf } from './open-parts.ts';
import type { PageMeasured, PageStrip } from './page-data.ts';

/** Of the time after the change, the part in which the last cell changes. */
const USED = 0.8;
/** The time before the change that is shown, as a part of that after it. */
const BEFORE = 0.2;

/** undefined if the step was not recorded. What is wrong comes first. */
export const enforcementOf = ({ recording }: Pick<StepResult, 'recording'>): PageMeasured | undefined => {
  if (!recording) return undefined;
  const faulty = faultsIn({ recording });
  const wrong = new Set(faulty.map(({ cell }) => cell));
  const changed = recording.cells.filter((cell) => cell.enforcedMs !== null && !wrong.has(cell));
  const spanMs = spanOf([...wrong, ...changed]);
  const [[, ...head] = [], ...rows] = timesTable(recording);
  const all = [
    ...faulty.map((one) => wrongStrip(one, recording, spanMs)),
    ...changed.map((cell) => stripOf(cell, enforcedText(cell), spanMs)),
  ];
  const strips = {
    of: 'cell',
    scale: `from ${durationText(spanMs * BEFORE)} before the change was accepted to ${durationText(spanMs)} after it`,
    legend: 'A strip is thick while the cell was open; its upright line is when the change was accepted.',
    accepted: partOf(BEFORE / (1 + BEFORE)),
    all,
  };
  return {
    title: 'Time to enforce',
    how: howRecorded(recording),
    times: rows.length > 0 ? [['change', ...head], ...rows] : [],
    notes: rows.length > 0 ? [] : ['No cell was seen to change.'],
    ...(all.length > 0 && { strips }),
  };
};

/** Until everything has changed, and a little longer. */
const spanOf = (cells: readonly RecordedCell[]): number =>
  Math.max(1, ...cells.flatMap(({ turns }) => turns.map(({ atMs }) => atMs))) / USED;

const wrongStrip = (one: Faulty, recording: Recording, spanMs: number): PageStrip => {
  const named = `${probeText(one.cell)}: `;
  return { ...stripOf(one.cell, faultText(one, recording).slice(named.length), spanMs), isWrong: true };
};

const stripOf = (cell: RecordedCell, text: string, spanMs: number): PageStrip => {
  // What it was at first it was before, too, and it stays what it was at last.
  const turns = cell.turns.map(({ atMs, open: isOpen }, at) => ({
    atMs: at === 0 ? Number.NEGATIVE_INFINITY : atMs,
    isOpen,
  }));
  const open = openParts(turns, Number.POSITIVE_INFINITY, (atMs) => partOf((atMs / spanMs + BEFORE) / (1 + BEFORE)));
  return { name: probeText(cell), text: printable(text), isWrong: false, isSeen: cell.turns.length > 0, open };
};
