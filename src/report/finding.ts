import type { Cell, CellStatus } from '../matrix/index.ts';
import { portText, probeKey } from '../scenario/index.ts';
import { excerpt, printable } from './printable.ts';
import type { StepResult } from './result.ts';

const LISTED_AT_MOST = 20;
const NAMED_PER_GROUP = 5;
const DETAIL_CODE_POINTS = 200;

/** One line per cell that is not as expected or flaky, each with the command that repeats it; 20 cells at most. */
export const differenceLines = ({ cells, repeat }: StepResult): string[] => {
  const differing = cells.filter(({ status }) => status === 'mismatch' || status === 'flaky');
  return bounded(differing, (cell) => {
    const command = repeat?.get(probeKey(cell));
    return [differenceLine(cell), ...(command === undefined ? [] : [`  ${printable(command)}`])];
  });
};

/** The cells of one status by what was said of them, because one cause often breaks many; 20 causes at most. */
export const causeLines = (cells: readonly Cell[], status: Extract<CellStatus, 'error' | 'unsupported'>): string[] => {
  const groups = [
    ...Map.groupBy(
      cells.filter((cell) => cell.status === status),
      causeOf,
    ),
  ];
  return bounded(groups, ([cause, group]) => {
    const named = group.slice(0, NAMED_PER_GROUP).map(probeText);
    const more = group.length - named.length;
    const count = group.length === 1 ? '1 cell' : `${group.length} cells`;
    return [
      `${status} in ${count}: ${excerpt(cause, DETAIL_CODE_POINTS)}`,
      `  ${[...named, ...(more > 0 ? [`… and ${more} more`] : [])].join(', ')}`,
    ];
  });
};

const bounded = <Item>(items: readonly Item[], linesOf: (item: Item) => string[]): string[] => {
  const more = items.length - LISTED_AT_MOST;
  return [...items.slice(0, LISTED_AT_MOST).flatMap(linesOf), ...(more > 0 ? [`… and ${more} more`] : [])];
};

const probeText = ({ from, to, port, protocol }: Cell): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}`;

const differenceLine = (cell: Cell): string => {
  const { expected, observed, status, observation } = cell;
  const wanted = expected === null ? 'nothing expected' : `expected ${expected}`;
  const seen = status === 'flaky' ? `flaky in ${observation?.attempts ?? 0} attempts, last seen` : 'seen';
  const detail = observation?.detail ? ` (${excerpt(observation.detail, DETAIL_CODE_POINTS)})` : '';
  return `${probeText(cell)}: ${wanted}, ${seen} ${observed}${detail}`;
};

const causeOf = ({ observation }: Cell): string =>
  observation === null ? 'expected but not probed' : observation.detail || 'the probe gave no reason';
