/** The matrix as it is now, for a terminal that is drawn again and again. */
import type { Cell } from '../../matrix/index.ts';
import { bareProbe } from '../../scenario/index.ts';
import { durationText } from '../../stopwatch.ts';
import type { WatchedCell, WatchResult } from '../../watch/index.ts';
import { wrapped } from '../../wrap.ts';
import { coloursOf } from '../colours.ts';
import { matrixSections } from '../matrix-sections.ts';

export interface ScreenOptions {
  readonly colour: boolean;
  readonly width: number;
}

/** Lines that are printable: the time, the matrix, and the last lines of the log. */
export const watchScreen = (
  result: WatchResult,
  log: readonly string[],
  { colour, width }: ScreenOptions,
): readonly string[] => {
  const { cells, fromMs, toMs, tickMs } = result;
  const flips = cells.reduce((sum, cell) => sum + cell.flips.length, 0);
  const tick = tickMs === null ? '' : `, each cell every ${tickMs} ms`;
  const sections = matrixSections(cells.map(cellOf), { width, colours: coloursOf(colour) });
  return [
    ...wrapped(`watching for ${durationText(toMs - fromMs)}${tick}; flips: ${flips}; Ctrl-C ends it`, width),
    '',
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']),
    ...log.flatMap((line) => wrapped(line, width)),
  ];
};

/** Without an expectation; what is not known is an error. */
const cellOf = ({ open, ...probe }: WatchedCell): Cell => ({
  ...bareProbe(probe),
  ...{ expected: null, model: null, observation: null },
  observed: open === null ? 'error' : open ? 'allowed' : 'dropped',
  status: probe.from === probe.to ? 'self' : open === null ? 'error' : 'unjudged',
});
