/** How a step's change took effect: a table, a small timeline, and what is wrong. */
import type { StepResult } from '../matrix/index.ts';
import { faultOf, type RecordedCell, type RecordedFault, type Recording, rankedAt } from '../record/index.ts';
import { durationText } from '../stopwatch.ts';
import { andMore, bounded, plural, printable } from '../text.ts';
import { aligned } from './aligned.ts';
import { probeText } from './probe-text.ts';

const LISTED_AT_MOST = 20;
const TURNS_AT_MOST = 6;
const BAR_WIDTH = 40;

type Recorded = Pick<StepResult, 'recording'>;

/** A cell with something wrong. */
export interface Faulty {
  readonly cell: RecordedCell;
  readonly fault: RecordedFault;
}

export const faultsIn = ({ recording }: Recorded): readonly Faulty[] =>
  recording?.cells.flatMap((cell) => {
    const fault = faultOf(cell, recording);
    return fault ? [{ cell, fault }] : [];
  }) ?? [];

/** How many cells have each fault, in words. */
export const faultCounts = ({ recording }: Recorded): readonly string[] => {
  if (!recording) return [];
  const faults = faultsIn({ recording });
  const words: readonly (readonly [RecordedFault, string])[] = [
    ['not-enforced', `not enforced after ${durationText(recording.deadlineMs)}`],
    ['too-late', 'enforced too late'],
    ['unclear', 'perhaps enforced too late'],
    ['unsteady', 'changed that should not have'],
    ['unseen', 'could not be timed'],
  ];
  const counts = words.map(([kind, text]) => [faults.filter(({ fault }) => fault === kind).length, text] as const);
  return [
    ...counts.filter(([count]) => count > 0).map(([count, text]) => `${plural(count, 'cell')} ${text}`),
    ...lateNodesText(recording),
  ];
};

const lateNodesText = ({ lateNodes, deadlineMs }: Recording): readonly string[] =>
  lateNodes
    ? [
        `${lateNodes.length === 1 ? 'node' : 'nodes'} ${lateNodes.map(printable).join(', ')} did not follow within ${durationText(deadlineMs)}`,
      ]
    : [];

/** One line for each cell with something wrong; 20 at most. */
export const faultLines = ({ recording }: Recorded): string[] =>
  recording
    ? [
        ...lateNodesText(recording),
        ...bounded(faultsIn({ recording }), LISTED_AT_MOST, (one) => [faultText(one, recording)]),
      ]
    : [];

/** What is wrong with a cell, on one line. */
export const faultText = ({ cell, fault }: Faulty, { deadlineMs, withinMs = 0 }: Recording): string => {
  const { direction, enforcedMs, gapMs, late, turns } = cell;
  const reasons: Readonly<Record<RecordedFault, () => string>> = {
    'not-enforced': () =>
      direction === 'closed'
        ? `not enforced after ${durationText(deadlineMs)}: still open, ${plural(late, 'connection')} got through`
        : `not enforced after ${durationText(deadlineMs)}: still closed, ${plural(late, 'connection')} did not get through`,
    'too-late': () => `${direction} after ${durationText(enforcedMs ?? 0)}, expected within ${durationText(withinMs)}`,
    unclear: () =>
      `${direction} after ${durationText(enforcedMs ?? 0)} or up to ${durationText(gapMs ?? 0)} before that, expected within ${durationText(withinMs)}: no connection in between showed which`,
    unsteady: () => `changed, although this step should not change it: ${turnsText(turns)}`,
    unseen: () => 'no connection of the recorder showed whether it is open',
  };
  return `${probeText(cell)}: ${reasons[fault]()}`;
};

const turnsText = (turns: RecordedCell['turns']): string =>
  turns
    .slice(0, TURNS_AT_MOST)
    .map(({ atMs, open }, at) => `${open ? 'open' : 'closed'} ${at === 0 ? 'at first' : momentText(atMs)}`)
    .join(', ') + andMore(turns.length - TURNS_AT_MOST);

const momentText = (atMs: number): string =>
  atMs < 0 ? `${durationText(-atMs)} before the change was accepted` : `after ${durationText(atMs)}`;

/** The times by direction and nodes, and a timeline of the cells that changed. */
export const recordingLines = ({ recording }: Recorded): string[] => {
  if (!recording) return [];
  return [...tableLines(recording), ...timelineLines(timedIn(recording)), ...remainderLines({ recording })];
};

const timedIn = ({ cells }: Recording): readonly RecordedCell[] =>
  cells.filter(({ enforcedMs }) => enforcedMs !== null);

const tableLines = (recording: Recording): readonly string[] => {
  const how = howRecorded(recording);
  const table = timesTable(recording);
  return table.length > 1 ? [`time to enforce (${how}):`, ...aligned(table)] : [`no cell was seen to change (${how})`];
};

/** What was tried, and how often. */
export const howRecorded = ({ cells, tickMs, clockErrorMs }: Recording): string => {
  const samples = cells.reduce((sum, cell) => sum + cell.samples, 0);
  return `${plural(cells.length, 'cell')} tried every ${tickMs} ms, ${plural(samples, 'connection')}, clocks within ${clockErrorMs} ms`;
};

/** A head, and a row for each direction between two nodes. */
export const timesTable = (recording: Recording): readonly (readonly string[])[] => {
  const nameOf = ({ direction, fromNode, toNode }: RecordedCell) => `${direction}  ${fromNode} -> ${toNode}`;
  const groups = Map.groupBy(timedIn(recording), nameOf);
  const rows = [...groups].toSorted().map(([name, own]) => [printable(name), `${own.length}`, ...figuresOf(own)]);
  return [['', 'cells', 'min', 'median', 'p95', 'max', 'late'], ...rows];
};

const figuresOf = (cells: readonly RecordedCell[]): readonly string[] => {
  const times = cells.map(({ enforcedMs }) => enforcedMs ?? 0).toSorted((one, other) => one - other);
  const late = cells.reduce((sum, cell) => sum + cell.late, 0);
  return [...[0, 0.5, 0.95, 1].map((part) => durationText(rankedAt(times, part) ?? 0)), `${late}`];
};

/** A row for each cell, with the marks of the matrix: X while it was blocked, . while it was open. */
const timelineLines = (timed: readonly RecordedCell[]): readonly string[] => {
  if (timed.length === 0) return [];
  const longestMs = Math.max(...timed.map(({ enforcedMs }) => enforcedMs ?? 0));
  const stepMs = Math.max(1, Math.ceil((longestMs * 1.25) / BAR_WIDTH));
  const shown = timed.slice(0, LISTED_AT_MOST);
  const width = Math.max(...shown.map((cell) => probeText(cell).length));
  return [
    `from when the change was accepted, ${stepMs} ms a mark:`,
    ...bounded(timed, LISTED_AT_MOST, (cell) => [
      `  ${probeText(cell).padEnd(width)}  ${barOf(cell, stepMs)}  ${enforcedText(cell)}`,
    ]),
  ];
};

/** When a cell changed, which it did. */
export const enforcedText = ({ direction, enforcedMs }: RecordedCell): string =>
  `${direction} after ${durationText(enforcedMs ?? 0)}`;

const barOf = ({ turns }: RecordedCell, stepMs: number): string =>
  Array.from({ length: BAR_WIDTH }, (_, at) => {
    const turn = turns.findLast(({ atMs }) => atMs <= at * stepMs) ?? turns[0];
    return turn?.open ? '.' : 'X';
  }).join('');

/** What else there is to know about the cells: some were not timed, some lost a packet. */
export const remainderLines = ({ recording }: Recorded): readonly string[] => {
  if (!recording) return [];
  const { unwatched, cells } = recording;
  const lost = cells.reduce((sum, cell) => sum + cell.lost, 0);
  const already = cells.filter((cell) => cell.direction !== 'steady' && isAlready(cell)).length;
  return [
    ...(already > 0 ? [`${plural(already, 'cell')} had the new state before the change`] : []),
    ...(lost > 0 ? [`${plural(lost, 'connection')} lost a packet, which says nothing about policies`] : []),
    ...(unwatched > 0
      ? [
          `${plural(unwatched, 'more cell')} changed and could not be timed: only TCP between pods can, 300 cells at most`,
        ]
      : []),
  ];
};

const isAlready = ({ enforcedMs, direction, turns }: RecordedCell): boolean =>
  enforcedMs === null && turns.length === 1 && turns[0]?.open === (direction === 'opened');
