import type { Cell, CellStatus } from '../matrix/index.ts';
import type { Verdict } from '../probe/index.ts';
import type { Expectation } from '../scenario/index.ts';
import type { Colours } from './colours.ts';
import { flow } from './printable.ts';

const SEEN: Readonly<Record<Verdict, string>> = {
  allowed: '.',
  dropped: 'X',
  rejected: 'X',
  error: '?',
  unsupported: '-',
};

const EXPECTED: Readonly<Record<Expectation, string>> = { allow: '.', deny: 'X' };

/** Every mark with its meaning, in the order of the legend. */
const MEANINGS: readonly (readonly [mark: string, meaning: string])[] = [
  ['.', 'allowed'],
  ['X', 'blocked'],
  ['[.≠X]', 'allowed, expected blocked'],
  ['[X≠.]', 'blocked, expected allowed'],
  ['[~]', 'flaky'],
  ['[?]', 'error, nothing is known'],
  ['-', 'unsupported here'],
  ['#', 'a pod to itself'],
];

/** The mark of one cell. Brackets stand wherever the expectation is not proven met, so that it shows without colour. */
export const markOf = ({ status, observed, expected }: Cell): string => {
  if (status === 'self') return '#';
  if (status === 'flaky') return '[~]';
  if (status === 'error' || observed === null) return '[?]';
  return status === 'mismatch' && expected !== null ? `[${SEEN[observed]}≠${EXPECTED[expected]}]` : SEEN[observed];
};

/** The mark as it stands in its column: all marks begin in the second place, after the bracket if there is one. */
export const placed = (mark: string): string => (mark.startsWith('[') ? mark : ` ${mark}`);

/** Colours some text by what its cell came to. */
export const paint = (text: string, status: CellStatus, colours: Colours): string => {
  const painters: Readonly<Record<CellStatus, (text: string) => string>> = {
    match: colours.green,
    mismatch: (plain) => colours.bold(colours.red(plain)),
    error: (plain) => colours.bold(colours.magenta(plain)),
    flaky: (plain) => colours.bold(colours.yellow(plain)),
    unsupported: colours.yellow,
    self: colours.dim,
    unjudged: String,
  };
  return painters[status](text);
};

/** What the marks in use mean, and no others. */
export const legend = (cells: readonly Cell[], width: number): string[] => {
  const used = new Set(cells.map(markOf));
  const entries = MEANINGS.filter(([mark]) => used.has(mark)).map(([mark, meaning]) => `${mark} ${meaning}`);
  return flow(entries, width, '   ');
};
