import { relative, resolve, sep } from 'node:path';
import { PodreachError } from '../errors.ts';

/** One thing that is wrong in an input file. Line and column are 1-based; the file is relative to the working directory. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** How every message names a file: relative to the working directory, with forward slashes. */
export const shownPath = (path: string): string => relative('', resolve(path)).split(sep).join('/') || '.';

/** A problem of a whole file or folder. */
export const fileProblem = (path: string, message: string): Problem => ({
  file: shownPath(path),
  line: 1,
  column: 1,
  message,
});

// A file's name or content must not steer the terminal or forge a line of its own.
const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );

const order = (a: Problem, b: Problem): number =>
  compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message);

/** Orders by code unit: the same everywhere, whatever the locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Throws one PodreachError with a line `file:line:column: message` for each problem, sorted; returns when there is none. */
export const throwProblems = (problems: readonly Problem[]): void => {
  if (problems.length === 0) return;
  const sorted = problems.toSorted(order);
  const lines = sorted.map(({ file, line, column, message }) => printable(`${file}:${line}:${column}: ${message}`));
  const hints = sorted.flatMap(({ hint }) => (hint === undefined ? [] : [printable(hint)]));
  throw new PodreachError(
    [...new Set(lines)].join('\n'),
    hints.length > 0 ? { hint: [...new Set(hints)].join('\n') } : {},
  );
};
