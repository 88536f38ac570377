const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A bar for each number, the lowest and the highest at the ends of the scale; a space where there is none. */
export const sparkline = (numbers: readonly (number | undefined)[]): string => {
  const known = numbers.filter((one) => one !== undefined);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  const barOf = (one: number): string =>
    BARS[range === 0 ? 0 : Math.round(((one - least) / range) * (BARS.length - 1))] as string;
  return numbers.map((one) => (one === undefined ? ' ' : barOf(one))).join('');
};
