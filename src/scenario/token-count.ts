/** How many tokens of YAML a command has read: estimated from above where that is enough, because counting takes as long as parsing. */
import { yaml } from '../yaml-library.ts';
import { LIMITS } from './limits.ts';
import type { Allowance } from './source.ts';

/** A text that was allowed by its estimate. */
interface Estimated {
  readonly text: string;
  readonly tokens: number;
}

const estimated = new WeakMap<Allowance, Estimated[]>();

/** Takes a text's tokens from the allowance; false, and nothing is taken, if it may be too many. */
export const takeAtMost = (text: string, allowance: Allowance): boolean => {
  const tokens = tokensAtMost(text);
  if (tokens > LIMITS.fileTokens) return false;
  if (tokens > allowance.tokens) settleEstimates(allowance);
  if (tokens > allowance.tokens) return false;
  const all = estimated.get(allowance) ?? [];
  estimated.set(allowance, all);
  all.push({ text, tokens });
  allowance.tokens -= tokens;
  return true;
};

/** Gives back what the estimates were too high. */
export const settleEstimates = (allowance: Allowance): void => {
  const { Lexer } = yaml();
  for (const { text, tokens } of estimated.get(allowance) ?? []) {
    const lexemes = Iterator.from(new Lexer().lex(text));
    allowance.tokens += tokens - lexemes.reduce((sum) => sum + 1, 0);
  }
  estimated.delete(allowance);
};

/** The kinds of characters; a sign that is one only before a blank is otherwise part of a word: `:`, `-`, `?`. */
const [WORD, SPACE, SIGN, LINE_FEED, QUOTE, ALONE] = [0, 1, 2, 3, 4, 5] as const;

/** Tokens of a character that follows one of another kind, and of one that follows its own kind. */
const FIRST = [2, 1, 1, 2, 2] as const;
const NEXT = [0, 0, 1, 2, 2] as const;

/** Both in one table, at `8 * before + kind`: looking up takes half the time of choosing. */
const TOKENS = Uint8Array.from(
  { length: 8 * (ALONE + 1) },
  (_, at) => ((at & 7) === at >>> 3 ? NEXT : FIRST)[at & 7] ?? 0,
);

const KINDS = new Uint8Array(128).fill(WORD);
for (const [signs, kind] of [
  [' ', SPACE],
  ['\n', LINE_FEED],
  [',[]{}#', SIGN],
  ['"\'', QUOTE],
  [':-?', ALONE],
] as const)
  for (const sign of signs) KINDS[sign.charCodeAt(0)] = kind;

/**
 * No fewer tokens than a text has in which `plainDocuments` finds no anchor and no tag: two for each word, each quote and each
 * line, one for each sign and for all spaces side by side.
 */
export const tokensAtMost = (text: string): number => {
  let tokens = 4;
  let before: number = ALONE;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    let kind = code < 128 ? (KINDS[code] as number) : WORD;
    if (kind === ALONE) kind = isBlank(text.charCodeAt(at + 1)) ? SIGN : WORD;
    tokens += TOKENS[8 * before + kind] as number;
    before = kind;
  }
  return tokens;
};

/** A space, a line feed, or the end of the text. */
const isBlank = (code: number): boolean => code === 32 || code === 10 || Number.isNaN(code);
