/** Scalars on one line that mean the same to every parser. */
import { kubectlValue, looksNumeric } from './kubectl-value.ts';

type Scalar = string | number | boolean | null;

/** A decimal that every reader takes for the same number. */
const INTEGER = /^(?:0|[1-9][0-9]{0,14})$/;
/** What is a number to YAML 1.2 (10.3.2), or might be one to others. */
const NUMERIC = /^[-+]?(?:0[xob][0-9a-f_]+|(?=[.0-9])[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]*)?|\.(?:inf|nan))$/i;
/** No longer text without a digit is anything but a text: `false` is the longest word. */
const LONGEST_WORD = 5;

/** A scalar without quotes. */
export interface PlainScalar {
  readonly source: string;
  /** undefined if it does not mean the same to all. */
  readonly value: Scalar | undefined;
  /** Whether it is the same text to all, as a key. */
  readonly isKey: boolean;
}

/**
 * Knows the scalars of a text by where they stand, and by a hash of their characters: most of them come again and again, and then
 * are not copied. What has the same place in the table replaces what was there.
 */
export const createScalars = (text: string) => {
  const mask = 2 ** Math.max(LEAST_BITS, Math.min(MOST_BITS, 32 - Math.clz32(text.length) - 6)) - 1;
  const known = new Array<PlainScalar | undefined>(mask + 1).fill(undefined);
  return (start: number, end: number, hash: number): PlainScalar => {
    const found = known[hash & mask];
    if (found && found.source.length === end - start && text.startsWith(found.source, start)) return found;
    const source = text.slice(start, end);
    const scalar = { source, value: plainValue(source), isKey: isPlainKey(source) };
    known[hash & mask] = scalar;
    return scalar;
  };
};

const LEAST_BITS = 6;
const MOST_BITS = 12;

const plainValue = (source: string): Scalar | undefined => {
  const isNumeric = looksNumeric(source);
  if (!isNumeric && source.length > LONGEST_WORD) return source;
  if (isNumeric && INTEGER.test(source)) return Number(source);
  const value = kubectlValue(source);
  if (typeof value === 'boolean') return /^(?:true|false)$/i.test(source) ? value : undefined;
  if (isNumeric && typeof value === 'string' && NUMERIC.test(source)) return undefined;
  return typeof value === 'number' ? undefined : value;
};

/** Longer keys are a mistake in YAML. */
const LONGEST_KEY = 1_000;
/** Refused in any manifest, and merged into the mapping. */
const UNFIT_KEYS: ReadonlySet<string> = new Set(['__proto__', '<<']);

export const isFitKey = (key: string): boolean => key.length <= LONGEST_KEY && !UNFIT_KEYS.has(key);

const isPlainKey = (source: string): boolean => {
  const value = plainValue(source);
  if (typeof value === 'string') return isFitKey(source);
  return value !== undefined && value !== null && source.length <= LONGEST_DIGITS && `${value}` === source;
};

/** kubectl rounds a key of more digits. */
const LONGEST_DIGITS = 6;
