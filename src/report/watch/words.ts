/** What happens while cells are watched, in words. */
import { type Probe, portText } from '../../scenario/index.ts';
import { durationText } from '../../stopwatch.ts';
import { excerpt, listed, plural, printable } from '../../text.ts';
import type { Flip, WatchEvent, WatchResult } from '../../watch/index.ts';
import { wrapped } from '../../wrap.ts';

const NAMED_AT_MOST = 5;
const REASON_CODE_POINTS = 300;

/** `12:03:04.123`, in UTC. */
const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

const probeText = ({ from, to, port, protocol, family }: Probe): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;

/** One line for each event, which is printable. */
export const eventText = (event: WatchEvent): string => {
  switch (event.kind) {
    case 'flip':
      return `${clockText(event.atMs)}  ${wordOf(event)}  ${probeText(event.probe)}${lastedText(event)}${doubtText(event)}`;
    case 'dark':
      return `${clockText(event.fromMs)}  no evidence  of ${cellsText(event.probes)}`;
    case 'light':
      return `${clockText(event.toMs)}  evidence again  of ${cellsText(event.probes)}, after ${durationText(event.toMs - event.fromMs)}`;
    case 'broke':
      return `${clockText(event.atMs)}  no connections from ${printable(event.from)}: ${excerpt(event.reason, REASON_CODE_POINTS)}`;
    case 'again':
      return `${clockText(event.atMs)}  connections again from ${printable(event.from)}`;
  }
};

const wordOf = ({ open }: Pick<Flip, 'open'>): string => (open ? 'opened' : 'closed');

const lastedText = (flip: Flip): string =>
  flip.lastedMs === null
    ? ''
    : `  after ${isDoubtful(flip) ? 'about ' : ''}${durationText(flip.lastedMs)} ${flip.open ? 'closed' : 'open'}`;

const doubtText = (flip: Flip): string => (isDoubtful(flip) ? `  (at some time since ${clockText(flip.afterMs)})` : '');

/** If the connection before began long ago, it may have flipped at any time since. */
const isDoubtful = ({ atMs, afterMs }: Flip): boolean => atMs - afterMs > DOUBTFUL_MS;

const DOUBTFUL_MS = 1_000;

const cellsText = (probes: readonly Probe[]): string =>
  `${plural(probes.length, 'cell')}: ${listed(probes.map(probeText), NAMED_AT_MOST)}`;

const CELLS_AT_MOST = 50;

/** What came of it: counts, then each cell that flipped, then those of which nothing was known for a time. */
export const watchSummary = (result: WatchResult, width?: number): readonly string[] =>
  summaryLines(result).flatMap((line) => wrapped(line, width));

const summaryLines = (result: WatchResult): readonly string[] => {
  const { cells, fromMs, toMs } = result;
  const flipped = cells.filter(({ flips }) => flips.length > 0);
  const unknown = cells.filter(({ gaps }) => gaps.length > 0);
  const flips = flipped.reduce((sum, cell) => sum + cell.flips.length, 0);
  return [
    `watched ${plural(cells.length, 'cell')} for ${durationText(toMs - fromMs)}${howText(result)}`,
    flips === 0 ? 'nothing flipped' : `${plural(flips, 'flip')} of ${plural(flipped.length, 'cell')}:`,
    ...listLines(flipped, (cell) => `${probeText(cell)}: ${flippedText(cell, result)}`),
    ...(unknown.length > 0 ? [`without evidence for a time, ${plural(unknown.length, 'cell')}:`] : []),
    ...listLines(unknown, (cell) => `${probeText(cell)}: ${gapsText(cell, result)}`),
  ];
};

const listLines = <Cell>(cells: readonly Cell[], textOf: (cell: Cell) => string): readonly string[] => [
  ...cells.slice(0, CELLS_AT_MOST).map((cell) => `  ${textOf(cell)}`),
  ...(cells.length > CELLS_AT_MOST ? [`  … and ${cells.length - CELLS_AT_MOST} more`] : []),
];

const howText = ({ cells, tickMs }: WatchResult): string => {
  const recorded = cells.filter(({ by }) => by === 'recorder').length;
  const samples = cells.reduce((sum, cell) => sum + cell.samples, 0);
  const lost = cells.reduce((sum, cell) => sum + cell.lost, 0);
  return [
    ...(recorded > 0 ? [`: ${recorded} tried every ${tickMs} ms`] : [':']),
    ...(recorded < cells.length ? [`${cells.length - recorded} by repeated matrices`] : []),
    `${plural(samples, 'connection')}${lost > 0 ? `, ${plural(lost, 'lost packet')}` : ''}`,
  ]
    .join(', ')
    .replace(':, ', ': ');
};

/** `closed for 1.3 s in all, in 2 times; open now` */
const flippedText = ({ flips, open }: WatchResult['cells'][number], { fromMs, toMs }: WatchResult): string => {
  const away = !flips[0]?.open;
  const times = flips.filter((flip) => flip.open !== away);
  /** As seen, or in doubt the least or the most that it may be. */
  const awayMs = (beginOf: (flip: Flip) => number, endOf: (flip: Flip) => number): number =>
    flips.reduce((sum, flip, at) => {
      const next = flips[at + 1];
      const endMs = next ? endOf(next) : toMs;
      return flip.open === away ? sum : sum + Math.max(0, endMs - Math.max(beginOf(flip), fromMs));
    }, 0);
  const long = flips.some(isDoubtful)
    ? `${durationText(awayMs(atOf, afterOf))} to ${durationText(awayMs(afterOf, atOf))}`
    : durationText(awayMs(atOf, atOf));
  const now = open === null ? 'no evidence now' : `${open ? 'open' : 'closed'} now`;
  return `${away ? 'closed' : 'open'} for ${long}, ${plural(times.length, 'time')}; ${now}`;
};

const atOf = ({ atMs }: Flip): number => atMs;
const afterOf = ({ afterMs }: Flip): number => afterMs;

const gapsText = ({ gaps }: WatchResult['cells'][number], { toMs }: WatchResult): string => {
  const total = gaps.reduce((sum, gap) => sum + (gap.toMs ?? toMs) - gap.fromMs, 0);
  const last = gaps.at(-1);
  return `${durationText(total)}, ${plural(gaps.length, 'time')}${last?.toMs === null ? `, the last from ${clockText(last.fromMs)} to the end` : ''}`;
};
