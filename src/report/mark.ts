import { agrees, type Cell, type CellStatus, disagreements } from '../matrix/index.ts';
import type { Decision } from '../model/index.ts';
import type { Verdict } from '../probe/index.ts';
import type { Expectation } from '../scenario/index.ts';
import type { Colours } from './colours.ts';
import { flow } from './layout.ts';

const SEEN: Readonly<Record<Verdict, string>> = {
  allowed: '.',
  dropped: 'X',
  rejected: 'R',
  error: '?',
  unsupported: '-',
};

const PREDICTED: Readonly<Record<Decision, string>> = { allow: '.', deny: 'X', unknown: 'u' };

const EXPECTED: Readonly<Record<Expectation, string>> = { allow: '.', deny: 'X', drop: 'D', reject: 'R' };

const WORDS: Readonly<Record<string, string>> = {
  '.': 'allowed',
  X: 'blocked',
  D: 'no answer',
  R: 'refused',
};

/** Every mark with its meaning, in the order of the legend. */
const MEANINGS: readonly (readonly [mark: string, meaning: string])[] = [
  ['.', 'allowed'],
  ['X', 'blocked'],
  ['R', 'blocked by a refusal'],
  ...['.', 'X', 'R'].flatMap((seen) =>
    Object.keys(WORDS).map(
      (expected) => [`[${seen}≠${expected}]`, `${WORDS[seen]}, expected ${WORDS[expected]}`] as const,
    ),
  ),
  ['(.)', 'allowed, undefined by the specification'],
  ['(X)', 'blocked, undefined by the specification'],
  ['(R)', 'refused, undefined by the specification'],
  ['(-)', 'unsupported here'],
  ['(u)', 'undefined by the specification'],
  ['[~]', 'flaky'],
  ['[?]', 'error, nothing is known'],
  ['u', 'unknown to the model'],
  ['.*', 'allowed, nothing expected'],
  ['X*', 'blocked, nothing expected'],
  ['R*', 'refused, nothing expected'],
  ['-*', 'unsupported here, nothing expected'],
  ['~*', 'flaky, nothing expected'],
  ['u*', 'unknown to the model, nothing expected'],
  ['[u]', 'unknown to the model, so not judged'],
  ['-', 'unsupported here'],
  ['#', 'a pod to itself'],
];

/** Follows the mark of a cell of which nothing is expected, as in a grid, where other cells are judged. */
const EXEMPT = '*';

/** Follows the mark of a cell, independent of the expectation. */
const DISAGREEMENT = '!';

/**
 * The mark of one cell: what was seen or, if nothing was probed, predicted. Brackets mark every cell whose expectation
 * is not proven met, so that it shows without colour.
 */
export const markOf = (cell: Cell): string =>
  agrees(cell) === false ? `${plainMark(cell)}${DISAGREEMENT}` : plainMark(cell);

const plainMark = ({ status, observed, model, expected, exempt, observation }: Cell): string => {
  if (status === 'self') return '#';
  if (status === 'flaky') return '[~]';
  if (status === 'unknown') return '[u]';
  const shown = observed === null ? model && PREDICTED[model] : SEEN[observed];
  if (status === 'error' || shown === null) return '[?]';
  if (status === 'open') return `(${shown})`;
  if (exempt) return `${observation?.flaky ? '~' : shown}${EXEMPT}`;
  return status === 'mismatch' && expected !== null ? `[${shown}≠${EXPECTED[expected]}]` : shown;
};

/** What the mark of one cell means: `allowed, expected blocked`. */
export const meaningOf = (cell: Cell): string => {
  const plain = plainMark(cell);
  const meaning = MEANINGS.find(([mark]) => mark === plain)?.[1] ?? 'unknown';
  return agrees(cell) === false ? `${meaning}, against the specification` : meaning;
};

/** How loud a cell is where it is drawn: `allowed` and `blocked` are as they should be, or nothing is expected of them. */
export type Look = 'allowed' | 'blocked' | 'wrong' | 'broken' | 'doubtful' | 'self';

export const lookOf = (cell: Cell): Look => {
  if (cell.status === 'self') return 'self';
  if (cell.status === 'mismatch' || cell.status === 'flaky') return 'wrong';
  if (cell.status === 'error' || cell.status === 'unknown') return 'broken';
  if (cell.status === 'open' || cell.status === 'unsupported' || agrees(cell) === false) return 'doubtful';
  return DRAWN[markOf(cell).charAt(0)] ?? 'doubtful';
};

const DRAWN: Readonly<Record<string, Look>> = { '.': 'allowed', X: 'blocked', R: 'blocked' };

/** The mark as placed in its column: every mark starts in the second position, after the bracket if there is one. */
export const placed = (mark: string): string => (/^[[(]/.test(mark) ? mark : ` ${mark}`);

/** Colours some text by its cell's status. */
export const paint = (text: string, status: CellStatus, colours: Colours): string => {
  const painters: Readonly<Record<CellStatus, (text: string) => string>> = {
    match: colours.green,
    mismatch: (plain) => colours.bold(colours.red(plain)),
    error: (plain) => colours.bold(colours.magenta(plain)),
    flaky: (plain) => colours.bold(colours.yellow(plain)),
    unknown: (plain) => colours.bold(colours.magenta(plain)),
    unsupported: colours.yellow,
    open: colours.yellow,
    self: colours.dim,
    unjudged: String,
  };
  return painters[status](text);
};

/** The meaning of the marks in use, and no others. */
export const legend = (cells: readonly Cell[], width: number): string[] => {
  const used = new Set(cells.map(plainMark));
  const entries = MEANINGS.filter(([mark]) => used.has(mark)).map(([mark, meaning]) => `${mark} ${meaning}`);
  if (disagreements(cells).length > 0) entries.push(`${DISAGREEMENT} the CNI and the specification disagree`);
  return flow(entries, width, '   ');
};
