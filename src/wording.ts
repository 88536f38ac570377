import { closest } from 'fastest-levenshtein';

const longest = 60;

/** A value out of a file as a message quotes it: one line, and never a screenful. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, longest + 1) : value) ?? 'nothing';
  return text.length > longest + 2 ? `${text.slice(0, longest)}…` : text;
};

/** Comparing a word takes as long as there are candidates, and a hint for the thousandth mistake helps nobody. */
const MOST_CANDIDATES = 5_000;
const MOST_HINTS = 100;

/** `; the nearest valid key is "expect"`, or nothing where there is no candidate. */
export const nearest = (kind: string, word: string, candidates: readonly string[]): string => {
  if (candidates.length === 0) return '';
  const compared = candidates.slice(0, MOST_CANDIDATES).map((candidate) => candidate.slice(0, 2 * longest));
  return `; the nearest valid ${kind} is ${quoted(closest(word.slice(0, longest), compared))}`;
};

/** `nearest` where the words may be many: it has a hint for the first hundred only. */
export const createNearest = (): typeof nearest => {
  let left = MOST_HINTS;
  return (kind, word, candidates) => {
    left -= 1;
    return left < 0 ? '' : nearest(kind, word, candidates);
  };
};

/** `a, b, c and 17 more`: names for a message, as many as a reader looks at. */
export const listed = (names: readonly string[], most = 20): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');

/** What a value is, in YAML's words. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'boolean' ? `${value}` : `the ${typeof value} ${quoted(value)}`;
};
