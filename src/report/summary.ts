import type { RunResult, Status } from '../matrix/index.ts';
import { type CellStatus, disagreements } from '../matrix/index.ts';
import { plural } from '../text.ts';
import type { Colours } from './colours.ts';
import { sumTimings, timingsText } from './duration.ts';
import { measuredCounts } from './outcome.ts';

/** How a status reads. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  error: 'error',
  unjudged: 'unjudged',
};

export const CELL_WORDS: Readonly<Record<Exclude<CellStatus, 'self'>, string>> = {
  match: 'as expected',
  mismatch: 'not as expected',
  flaky: 'flaky',
  error: 'error',
  unknown: 'unknown to the model',
  open: 'undefined by the specification',
  unsupported: 'unsupported',
  unjudged: 'without an expectation',
};

/** The word for a status, coloured. */
export const statusText = (status: Status, text: string, colours: Colours): string => {
  const painters = { pass: colours.green, fail: colours.red, error: colours.magenta, unjudged: String };
  return colours.bold(painters[status](text));
};

/**
 * The whole run in three lines: scenarios, cells (without the pods' own), times. Another one says where the CNI does
 * not do what the specification says.
 */
export const summaryLines = ({ scenarios, timings, predicted }: RunResult, colours: Colours): string[] => {
  if (scenarios.length === 0) return [statusText('error', 'error: no scenario was run', colours)];
  const steps = scenarios.flatMap((scenario) => scenario.steps);
  const statuses = countByStatus([scenarios]);
  const cells = countByStatus(steps.map((step) => step.cells));
  const judged = sum([...cells].map(([status, count]) => (status === 'self' ? 0 : count)));
  const mismeasured = steps.filter((step) => measuredCounts(step).length > 0).length;
  const disagreeing = sum(steps.map((step) => disagreements(step.cells).length));
  const scenarioCounts = countTexts(STATUS_WORDS, statuses, (status, text) => statusText(status, text, colours));
  const cellCounts = countTexts(CELL_WORDS, cells, (_, text) => text);
  const stepCount = steps.length > scenarios.length ? ` with ${steps.length} steps` : '';
  const times = timingsText(
    sumTimings(
      timings,
      [...scenarios, ...steps].map((level) => level.timings),
    ),
  );
  return [
    `${plural(scenarios.length, 'scenario')}${stepCount}: ${scenarioCounts}`,
    ...(judged > 0 ? [`${plural(judged, 'cell')}${predicted ? ' predicted' : ''}: ${cellCounts}`] : []),
    ...(mismeasured > 0
      ? [`${plural(mismeasured, 'step')} not as expected in what was measured: times, new pods or open connections`]
      : []),
    ...(disagreeing > 0
      ? [colours.bold(colours.yellow(`the CNI and the specification disagree in ${plural(disagreeing, 'cell')}`))]
      : []),
    ...(times === '' ? [] : [times]),
  ];
};

/** Counted without copies, because there may be millions of cells. */
const countByStatus = <Key>(lists: readonly (readonly { readonly status: Key }[])[]): ReadonlyMap<Key, number> => {
  const counts = new Map<Key, number>();
  for (const list of lists) for (const { status } of list) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const countTexts = <Key extends string>(
  words: Readonly<Record<Key, string>>,
  counts: ReadonlyMap<string, number>,
  style: (key: Key, text: string) => string,
): string =>
  (Object.keys(words) as Key[])
    .map((key) => ({ key, count: counts.get(key) ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ key, count }) => style(key, `${count} ${words[key]}`))
    .join(', ');
