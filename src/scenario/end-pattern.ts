/** Patterns for the names of ends: `*` stands for part of a name, and never crosses a `/` or a `:`. */
import { PodreachError } from '../errors.ts';
import { LIMITS } from './limits.ts';

const SEPARATOR = /([/:])/;

/** A name that is cut where no wildcard crosses. */
export type NameParts = readonly string[];

export const partsOf = (name: string): NameParts => name.split(SEPARATOR);

/** Whether a `*` stands for only a part of a name, so that each end has to be compared. */
export const isPartial = (pattern: string): boolean =>
  partsOf(pattern).some((part) => part.includes('*') && part !== '*');

/** Why a pattern can't be used; null if it can. A rule may come from anyone, so matching must not take long. */
export const whyUnfitForEnds = (pattern: string): string | null => {
  if (pattern.length > LIMITS.patternCharacters)
    return `a pattern has at most ${LIMITS.patternCharacters} characters, not ${pattern.length}`;
  const stars = Math.max(...partsOf(pattern).map((part) => part.split('*').length - 1));
  return stars > LIMITS.patternStars
    ? `a pattern has at most ${LIMITS.patternStars} "*" in a name, not ${stars}`
    : null;
};

/** Compares names with a pattern, each in one pass. */
export const matcherOf = (pattern: string): ((name: NameParts) => boolean) => {
  const parts = partsOf(pattern).map(partMatcher);
  return (name) => name.length === parts.length && parts.every((matches, at) => matches(name[at] ?? ''));
};

/** Whether a name matches a pattern. Throws a PodreachError if the pattern can't be used. */
export const endMatcher = (pattern: string): ((name: string) => boolean) => {
  const why = whyUnfitForEnds(pattern);
  if (why !== null) throw new PodreachError(why);
  const matches = matcherOf(pattern);
  return (name) => matches(partsOf(name));
};

/** Whether the pieces between the wildcards follow each other in a name, from its beginning to its end. */
const partMatcher = (part: string): ((name: string) => boolean) => {
  const [first = '', ...pieces] = part.split('*');
  const last = pieces.pop();
  if (last === undefined) return (name) => name === first;
  return (name) => {
    const end = name.length - last.length;
    if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let from = first.length;
    for (const piece of pieces) {
      const at = name.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
};
