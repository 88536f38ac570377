/**
 * File patterns. They come from a scenario that anyone may have written, so expanding or matching one must not take
 * long.
 */
import { LIMITS } from './limits.ts';

/** Why a pattern can't be used; null if it can. */
export const whyUnfit = (pattern: string): string | null => {
  if (pattern.length > LIMITS.patternCharacters)
    return `a file pattern has at most ${LIMITS.patternCharacters} characters, not ${pattern.length}`;
  if (/[@!+*?]\(/.test(pattern)) return "a file pattern can't contain groups such as +(…)";
  if (/\{[^{},/]*\.\.[^{},/]*\}/.test(pattern)) return "a file pattern can't contain ranges such as {1..9}";
  if (alternatives(pattern) > LIMITS.patternAlternatives)
    return `a file pattern has at most ${LIMITS.patternAlternatives} alternatives in braces`;
  if (starsIn(pattern) > LIMITS.patternStars || globstarsIn(pattern) > LIMITS.patternStars)
    return `a file pattern has at most ${LIMITS.patternStars} "*" between two slashes, and as many "**"`;
  return null;
};

/** An upper bound for the ways in which its braces can be read: nested braces count as if they stood side by side. */
const alternatives = (pattern: string): number => {
  const open: number[] = [];
  let product = 1;
  for (const sign of pattern) {
    if (sign === '{') open.push(1);
    if (sign === ',' && open.length > 0) open[open.length - 1] = (open.at(-1) ?? 0) + 1;
    if (sign === '}') product *= open.pop() ?? 1;
  }
  return open.reduce((all, one) => all * one, product);
};

/** The highest number of wildcards between two slashes. */
const starsIn = (pattern: string): number =>
  Math.max(...pattern.split('/').map((segment) => (segment.match(/\*+/g) ?? []).length));

const globstarsIn = (pattern: string): number => (pattern.match(/\*\*/g) ?? []).length;

/** An upper bound for the steps that matching a path may take: each star may stop at every place. */
export const stepsFor = (pattern: string): ((path: string) => number) => {
  const [stars, globstars] = [starsIn(pattern), globstarsIn(pattern)];
  return (path) => {
    const segments = path.split('/');
    return (segments.at(-1) ?? '').length ** stars + segments.length ** globstars;
  };
};
