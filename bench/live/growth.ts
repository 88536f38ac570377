/** A measured size and the seconds that it took. */
export interface Point {
  readonly size: number;
  readonly seconds: number;
}

/**
 * The power by which time grows in size: the slope of the least-squares line through the logarithms. 1 means that twice
 * the size takes twice as long. NaN for fewer than two sizes.
 */
export const growthOf = (points: readonly Point[]): number => {
  const logs = points.map(({ size, seconds }) => ({ x: Math.log(size), y: Math.log(seconds) }));
  const mean = (of: (log: { x: number; y: number }) => number): number =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  return mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2);
};
