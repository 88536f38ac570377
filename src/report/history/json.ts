import { type CellTrend, MARKS, type StepTrend } from '../../history/index.ts';
import { jsonParts } from '../json-text.ts';

/** Changes if a reader of the old form would break. */
const SCHEMA = 'podreach/history/v1';

/** The same for machines: of each cell the verdicts of all runs, null where it was not probed. */
export const historyJson = (trends: readonly StepTrend[]): Iterable<string> =>
  jsonParts({
    schema: SCHEMA,
    steps: trends.values().map(({ cells, ...step }) => ({ ...step, cells: cells.values().map(cellObject) })),
  });

const cellObject = ({ marks, now, ...cell }: CellTrend) => ({
  ...cell,
  now: WORDS[now],
  verdicts: [...marks].map((mark) => WORDS[mark] ?? null),
});

const WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(MARKS).map(([word, mark]) => [mark, word]),
);
