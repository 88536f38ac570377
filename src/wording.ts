import { closest } from 'fastest-levenshtein';

const longest = 60;

/** A value out of a file as a message quotes it: one line, and never a screenful. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, longest + 1) : value) ?? 'nothing';
  return text.length > longest + 2 ? `${text.slice(0, longest)}…` : text;
};

/** `; the nearest valid key is "expect"`, or nothing where there is no candidate. */
export const nearest = (kind: string, word: string, candidates: readonly string[]): string =>
  candidates.length === 0
    ? ''
    : `; the nearest valid ${kind} is ${quoted(closest(word.slice(0, longest), [...candidates]))}`;

/** What a value is, in YAML's words. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'boolean' ? `${value}` : `the ${typeof value} ${quoted(value)}`;
};
