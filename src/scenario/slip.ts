import { closest, distance } from 'fastest-levenshtein';

/** So many letters may differ in a slip of the keyboard, and fewer in a short word. */
const MOST_SLIPS = 3;
/** Comparing takes as long as the words are. */
const LONGEST = 120;

/** The candidate that was probably meant by a word; undefined where none is close enough. */
export const slipOf = (word: string, candidates: readonly string[]): string | undefined => {
  const compared = candidates.filter(({ length }) => length <= LONGEST);
  if (compared.length === 0 || word.length > LONGEST) return undefined;
  const best = closest(word, compared);
  return distance(word, best) <= Math.min(MOST_SLIPS, Math.floor(word.length / 2)) ? best : undefined;
};
