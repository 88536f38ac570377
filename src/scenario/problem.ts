import { relative, resolve, sep } from 'node:path';
import { PodreachError } from '../errors.ts';
import { printable } from '../text.ts';

/** One problem of the input. The file is relative to the working directory. */
export interface Problem {
  readonly file: string;
  /** 1-based. A path that leads to no file has neither line nor column. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
}

/** A problem at a place in a file. */
export interface PlacedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** How every message names a file: relative to the working directory, with forward slashes. */
export const shownPath = (path: string): string => relative('', resolve(path)).split(sep).join('/') || '.';

/** A problem with a path that leads to no file. */
export const pathProblem = (path: string, message: string): Problem => ({ file: shownPath(path), message });

/** A problem with a whole file. */
export const fileProblem = (path: string, message: string): PlacedProblem => ({
  file: shownPath(path),
  line: 1,
  column: 1,
  message,
});

const order = (a: Problem, b: Problem): number =>
  compare(a.file, b.file) ||
  (a.line ?? 0) - (b.line ?? 0) ||
  (a.column ?? 0) - (b.column ?? 0) ||
  compare(a.message, b.message);

const placeOf = ({ file, line, column }: Problem): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');

/** Orders by code unit, so that the result does not depend on the locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** More would bury the first problems and fill a CI log. */
const MOST_TOLD = 100;
const MOST_HINTS = 10;
const LONGEST_LINE = 600;

const cut = (text: string): string => (text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text);

/** The first texts up to a limit, each once and shortened, then how many more there are. */
const bounded = (texts: readonly string[], most: number, more: string): readonly string[] => {
  const lines = [...new Set(texts)];
  const rest = lines.length - most;
  // A file's name or content must not steer the terminal or forge a line of its own.
  const shown = lines.slice(0, most).map((line) => cut(printable(cut(line))));
  return rest > 0 ? [...shown, `and ${rest.toLocaleString('en')} more ${more}`] : shown;
};

/**
 * Throws one PodreachError with a line `file:line:column: message`, or `path: message`, for each problem, sorted; returns
 * if there is none. After a hundred problems it only counts the others.
 */
export const throwProblems = (problems: readonly Problem[]): void => {
  if (problems.length === 0) return;
  const sorted = problems.toSorted(order);
  const lines = sorted.map((problem) => `${placeOf(problem)}: ${problem.message}`);
  const hints = bounded(
    sorted.flatMap(({ hint }) => hint ?? []),
    MOST_HINTS,
    'hints',
  );
  throw new PodreachError(
    bounded(lines, MOST_TOLD, 'problems').join('\n'),
    hints.length > 0 ? { hint: hints.join('\n') } : {},
  );
};
