import { closest } from 'fastest-levenshtein';

const longest = 60;

/** A value from a file as a message quotes it: one line, never a screenful. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, longest + 1) : value) ?? 'nothing';
  return text.length > longest + 2 ? `${text.slice(0, longest)}…` : text;
};

/** Comparing a word takes as long as there are candidates, and a hint for the thousandth mistake helps nobody. */
const MOST_CANDIDATES = 5_000;
const MOST_HINTS = 100;

/** `; the nearest valid key is "expect"`, or nothing if there is no candidate. */
export const nearest = (kind: string, word: string, candidates: readonly string[]): string => {
  if (candidates.length === 0) return '';
  const compared = candidates.slice(0, MOST_CANDIDATES).map((candidate) => candidate.slice(0, 2 * longest));
  return `; the nearest valid ${kind} is ${quoted(closest(word.slice(0, longest), compared))}`;
};

/** `nearest` for many words: only the first hundred get a hint. */
export const createNearest = (): typeof nearest => {
  let left = MOST_HINTS;
  return (kind, word, candidates) => {
    left -= 1;
    return left < 0 ? '' : nearest(kind, word, candidates);
  };
};

/** `1 cell`, `2 cells`; `many` is the plural if it is not the noun with an s. */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : many}`;

/** ` and 17 more`, for the end of a list that was cut; nothing if it was not. */
export const andMore = (count: number): string => (count > 0 ? ` and ${count} more` : '');

/** `a, b, c and 17 more`: names for a message, as many as a reader looks at. */
export const listed = (names: readonly string[], most = 20): string =>
  names.slice(0, most).join(', ') + andMore(names.length - most);

/** The same for sentences: `a; b; c; and 17 more`. */
export const listedSentences = (sentences: readonly string[], most: number): string =>
  [...sentences.slice(0, most), andMore(sentences.length - most).trim()].filter((one) => one !== '').join('; ');

/** The lines of the first items, and `… and 17 more` for the others. */
export const bounded = <Item>(
  items: readonly Item[],
  most: number,
  linesOf: (item: Item) => readonly string[],
): string[] => [
  ...items.slice(0, most).flatMap(linesOf),
  ...(items.length > most ? [`…${andMore(items.length - most)}`] : []),
];

/** What a value is, in YAML's words. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'boolean' ? `${value}` : `the ${typeof value} ${quoted(value)}`;
};

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Control and format characters (escapes, bidi marks, zero-width), line separators, lone surrogates: Unicode's Cc, Cf,
 * Zl, Zp, Cs. And the first character of what GitHub Actions runs when a line of a log begins with it (`::error::`), or has it
 * anywhere (`##[error]`).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?<=^\s*):(?=:[\w-]+(?: .*)?::)|(?<=#)#(?=\[)/gu;

/**
 * The text on one line, with every character that could control a terminal or a job's log written as an escape (`\x1b`,
 * `\u{202e}`, `\x3a:error::`).
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => NAMED[character] ?? escapeOf(character.codePointAt(0) ?? 0));

const escapeOf = (codePoint: number): string => {
  const hex = codePoint.toString(16);
  return codePoint <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
};

/** The lines of a text meant for people, such as an intent, each of them printable; no blank ones at either end. */
export const printableLines = (text: string): string[] => text.trim().split(/\r?\n/).map(printable);

/** Printable and at most `limit` code points long; the last one is `…` if something was cut. */
export const excerpt = (text: string, limit: number): string => {
  const characters = [...printable(text)];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
};
