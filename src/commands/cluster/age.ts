import { InvalidArgumentError } from 'commander';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `30m`, `12h` or `2d`, as milliseconds. */
export const age = (text: string): number => {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit as keyof typeof UNITS];
  throw new InvalidArgumentError('It must be a whole number with a unit: 90s, 30m, 12h or 2d.');
};

/** An age in its greatest unit, rounded down: `2 h`. */
export const ageText = (ms: number): string => {
  const [unit, length] = Object.entries(UNITS).findLast(([, one]) => ms >= one) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(ms / length))} ${unit === 'm' ? 'min' : unit}`;
};
