/** How many tokens of YAML a command has read: estimated from above where that is enough, because counting takes as long as parsing. */
import { Lexer } from 'yaml';
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
  for (const { text, tokens } of estimated.get(allowance) ?? []) {
    const lexemes = Iterator.from(new Lexer().lex(text));
    allowance.tokens += tokens - lexemes.reduce((sum) => sum + 1, 0);
  }
  estimated.delete(allowance);
};

/** Tokens of a character that follows another of its kind, and of one that does not. */
interface Kind {
  readonly first: number;
  readonly next: number;
}

const WORD: Kind = { first: 2, next: 0 };
const SPACE: Kind = { first: 1, next: 0 };
const LINE_FEED: Kind = { first: 2, next: 2 };
const SIGN: Kind = { first: 1, next: 1 };
const QUOTE: Kind = { first: 2, next: 2 };

const KINDS: Readonly<Partial<Record<string, Kind>>> = {
  ...{ ' ': SPACE, '\n': LINE_FEED, '"': QUOTE, "'": QUOTE },
  ...Object.fromEntries([...',[]{}#'].map((sign) => [sign, SIGN])),
};
const BY_CODE = Array.from({ length: 128 }, (_, code) => KINDS[String.fromCharCode(code)] ?? WORD);

/**
 * No fewer tokens than a text has in which `plainDocuments` finds no anchor and no tag: two for each word, each quote and each
 * line, one for each sign and for all spaces side by side.
 */
export const tokensAtMost = (text: string): number => {
  let tokens = 4;
  let before: Kind | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kindAt(text, at);
    tokens += kind === before ? kind.next : kind.first;
    before = kind;
  }
  return tokens;
};

const kindAt = (text: string, at: number): Kind => {
  const code = text.charCodeAt(at);
  return isAlone(code) && isBlank(text.charCodeAt(at + 1)) ? SIGN : (BY_CODE[code] ?? WORD);
};

/** Signs of YAML only before a blank, otherwise a part of a word: `:`, `-`, `?`. */
const isAlone = (code: number): boolean => code === 58 || code === 45 || code === 63;

/** A space, a line feed, or the end of the text. */
const isBlank = (code: number): boolean => code === 32 || code === 10 || Number.isNaN(code);
