/** Median, p95 and max of one load, in ms, and what stands before them. */
export interface Point {
  readonly head: string;
  readonly ranked: readonly number[];
}

const COLUMNS = 60;
const MARKS = ['█', '▒', '░'];

/** A bar for each load on one scale: to the median, on to the p95, and on to the longest time. */
export const curve = (points: readonly Point[]): string => {
  const longestMs = Math.max(1, ...points.flatMap(({ ranked }) => ranked));
  const columnOf = (ms: number): number => Math.round((ms / longestMs) * COLUMNS);
  const bars = points.map(({ head, ranked }) => {
    const ends = ranked.map(columnOf);
    const bar = ends.map((end, at) => (MARKS[at] ?? '').repeat(Math.max(0, end - (ends[at - 1] ?? 0)))).join('');
    return `${head}  ${bar}`.trimEnd();
  });
  const scale = `${MARKS.join(' ')}  up to the median, p95 and max; ${COLUMNS} columns are ${(longestMs / 1000).toFixed(2)} s`;
  return `\n${scale}\n${bars.join('\n')}\n`;
};
