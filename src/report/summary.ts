import type { RunResult, Status } from '../matrix/index.ts';
import { type CellStatus, disagreements } from '../matrix/index.ts';
import type { Colours } from './colours.ts';
import { sumTimings, timingsText } from './duration.ts';

/** How a status reads. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  error: 'error',
  unjudged: 'unjudged',
};

const CELL_WORDS: Readonly<Record<Exclude<CellStatus, 'self'>, string>> = {
  match: 'as expected',
  mismatch: 'not as expected',
  flaky: 'flaky',
  error: 'error',
  unknown: 'unknown to the model',
  open: 'left open by the specification',
  unsupported: 'unsupported',
  unjudged: 'without expectation',
};

/** A status as its word, coloured. */
export const statusText = (status: Status, text: string, colours: Colours): string => {
  const painters = { pass: colours.green, fail: colours.red, error: colours.magenta, unjudged: String };
  return colours.bold(painters[status](text));
};

/**
 * The whole run in three lines: scenarios, cells (without the pods' own), times. Another one tells where the CNI does
 * not do what the specification says.
 */
export const summaryLines = ({ scenarios, timings, predicted }: RunResult, colours: Colours): string[] => {
  if (scenarios.length === 0) return [statusText('error', 'error: no scenario was run', colours)];
  const steps = scenarios.flatMap((scenario) => scenario.steps);
  const statuses = Map.groupBy(scenarios, ({ status }) => status);
  const all = steps.flatMap((step) => step.cells);
  const cells = Map.groupBy(all, ({ status }) => status);
  const judged = all.filter(({ status }) => status !== 'self').length;
  const disagreeing = disagreements(all).length;
  const scenarioCounts = countTexts(STATUS_WORDS, statuses, (status, text) => statusText(status, text, colours));
  const cellCounts = countTexts(CELL_WORDS, cells, (_, text) => text);
  const times = timingsText(
    sumTimings(
      timings,
      [...scenarios, ...steps].map((level) => level.timings),
    ),
  );
  return [
    `${plural(scenarios.length, 'scenario')}: ${scenarioCounts}`,
    ...(judged > 0 ? [`${plural(judged, 'cell')}${predicted ? ' predicted' : ''}: ${cellCounts}`] : []),
    ...(disagreeing > 0
      ? [colours.bold(colours.yellow(`the CNI and the specification disagree in ${plural(disagreeing, 'cell')}`))]
      : []),
    ...(times === '' ? [] : [times]),
  ];
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const countTexts = <Key extends string>(
  words: Readonly<Record<Key, string>>,
  groups: ReadonlyMap<string, readonly unknown[]>,
  style: (key: Key, text: string) => string,
): string =>
  (Object.keys(words) as Key[])
    .map((key) => ({ key, count: groups.get(key)?.length ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ key, count }) => style(key, `${count} ${words[key]}`))
    .join(', ');
