/** How pods started: a table of the windows, and what is wrong. */
import type { StepResult } from '../matrix/index.ts';
import { rankedAt, type StartedCell, type StartFault, type Starts, startFaultOf } from '../record/index.ts';
import { durationText } from '../stopwatch.ts';
import { bounded, plural, printable } from '../text.ts';
import { aligned } from './aligned.ts';
import { probeText } from './probe-text.ts';

const LISTED_AT_MOST = 20;

type Started = Pick<StepResult, 'starts'>;

/** A cell of a start with something wrong. */
interface FaultyStart {
  readonly cell: StartedCell;
  readonly fault: StartFault;
}

const startFaultsIn = (starts: Starts): readonly FaultyStart[] =>
  starts.cells.flatMap((cell) => {
    const fault = startFaultOf(cell, starts);
    return fault ? [{ cell, fault }] : [];
  });

/** The faults of a window that is limited, in words before it. */
const FOR_TOO_LONG = [
  ['too-long', ''],
  ['unclear', 'perhaps '],
] as const;
const WINDOWS = ['open', 'closed'] as const;

const atMostIn = ({ openAtMostMs, closedAtMostMs }: Starts, window: StartedCell['window']): number =>
  (window === 'open' ? openAtMostMs : closedAtMostMs) ?? 0;

/** How many cells of starts have each fault, in words. */
export const startFaultCounts = ({ starts }: Started): readonly string[] => {
  if (!starts) return [];
  if (starts.cells.length === 0) return ['nothing could be measured as pods started'];
  const faults = startFaultsIn(starts);
  const counted = (what: string, is: (faulty: FaultyStart) => boolean): readonly string[] => {
    const count = faults.filter(is).length;
    return count > 0 ? [`${plural(count, 'cell')} ${what}`] : [];
  };
  return [
    ...counted(
      `not enforced ${durationText(starts.deadlineMs)} after a start`,
      ({ fault }) => fault === 'not-enforced',
    ),
    ...FOR_TOO_LONG.flatMap(([kind, perhaps]) =>
      WINDOWS.flatMap((window) =>
        counted(
          `${perhaps}${window} for longer than ${durationText(atMostIn(starts, window))} after a start`,
          ({ fault, cell }) => fault === kind && cell.window === window,
        ),
      ),
    ),
    ...counted('of a start that could not be measured', ({ fault }) => fault === 'unseen'),
  ];
};

/** One line for each cell of a start with something wrong; 20 at most. */
export const startFaultLines = ({ starts }: Started): string[] =>
  starts ? [...bounded(startFaultsIn(starts), LISTED_AT_MOST, (one) => [startFaultText(one, starts)])] : [];

const startFaultText = ({ cell, fault }: FaultyStart, starts: Starts): string => {
  const { window, windowMs, gapMs, wrong, blindMs, samples } = cell;
  const count = `${plural(wrong, 'connection')} ${window === 'open' ? 'got through' : 'did not get through'}`;
  const atMost = durationText(atMostIn(starts, window));
  const until = `${window} until ${durationText(windowMs ?? 0)} after its start`;
  const reasons: Readonly<Record<StartFault, () => string>> = {
    'not-enforced': () => `still ${window} ${durationText(starts.deadlineMs)} after the pod was ready, ${count}`,
    'too-long': () => `${until}, expected at most ${atMost}; ${count}`,
    unclear: () =>
      `${until} or up to ${durationText(gapMs ?? 0)} before that, expected at most ${atMost}: no connection in between showed which; ${count}`,
    unseen: () =>
      samples === 0
        ? 'no connection of the recorder showed whether it is open'
        : `nothing is known of ${durationText(blindMs)} of its start, so it proves nothing`,
  };
  return `${probeText(cell)}, start ${cell.start + 1} on ${printable(starts.starts[cell.start]?.node ?? '')}: ${reasons[fault]()}`;
};

/** The windows by kind, direction and node. */
export const startLines = ({ starts }: Started): string[] => {
  if (!starts) return [];
  if (starts.cells.length === 0) return [...startNotes(starts)];
  return [`${startsText(starts)} (${howStarted(starts)}):`, ...aligned(startTable(starts)), ...startNotes(starts)];
};

/** `3 starts of dev/late`. */
export const startsText = ({ starts }: Starts): string =>
  `${plural(starts.length, 'start')} of ${[...new Set(starts.map(({ pod }) => printable(pod)))].join(', ')}`;

/** How they were measured; there has to be a cell. */
export const howStarted = ({ cells, tickMs, clockErrorMs, atOnce }: Starts): string => {
  const samples = cells.reduce((sum, cell) => sum + cell.samples, 0);
  const blindMs = Math.max(...cells.map((cell) => cell.blindMs));
  return [
    `${atOnce} at once`,
    `each cell tried every ${tickMs} ms`,
    plural(samples, 'connection'),
    `clocks within ${clockErrorMs} ms`,
    `nothing missed for longer than ${durationText(blindMs)}`,
  ].join(', ');
};

/** A head, and a row for each kind of window, direction and node. */
export const startTable = ({ starts, cells }: Starts): readonly (readonly string[])[] => {
  const nodeOf = ({ start }: StartedCell): string => starts[start]?.node ?? '';
  const groups = Map.groupBy(
    cells,
    (cell) => `${cell.window.padEnd(6)}  ${cell.direction.padEnd(7)}  on ${nodeOf(cell)}`,
  );
  const rows = [...groups].toSorted().map(([name, own]) => [printable(name), ...figuresOf(own)]);
  return [['', 'cells', 'starts', 'min', 'median', 'p95', 'max', 'wrong'], ...rows];
};

/** What the rows mean, and what they don't have. */
export const startNotes = ({ cells, repeated, unwatched }: Starts): readonly string[] => [
  ...(cells.length > 0
    ? ['open: a denied connection got through so long after the start; closed: an allowed one did not']
    : []),
  ...(repeated > 0 ? [`${plural(repeated, 'start')} more, of which too little was known`] : []),
  ...(unwatched > 0
    ? [
        `${plural(unwatched, 'cell')} to pods that started could not be watched: the CNI does not say a pod's address before it starts`,
      ]
    : []),
];

/** A window that was not over at the end, or of which nothing is known, is longer than all others. */
const figuresOf = (cells: readonly StartedCell[]): readonly string[] => {
  const times = cells.map(({ windowMs }) => windowMs ?? Number.POSITIVE_INFINITY).toSorted((one, other) => one - other);
  const wrong = cells.reduce((sum, cell) => sum + cell.wrong, 0);
  const starts = new Set(cells.map(({ start }) => start)).size;
  const at = (part: number): string => {
    const ms = rankedAt(times, part) ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(ms) ? durationText(ms) : '-';
  };
  return [`${cells.length}`, `${starts}`, ...[0, 0.5, 0.95, 1].map(at), `${wrong}`];
};
