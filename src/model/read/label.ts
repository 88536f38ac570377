import { quoted } from '../../text.ts';
import { isLabelKey, isLabelValue } from './name-syntax.ts';
import { at, type Spot } from './spot.ts';
import { readMapping, readText, type Tell } from './value.ts';

const WORD = 'letters, digits, "-", "_" and ".", with a letter or a digit at both ends';

export const checkLabelKey = (key: string, spot: Spot, tell: Tell, part?: 'key'): void => {
  if (!isLabelKey(key))
    tell(spot, `${quoted(key)} is not a label key: 1 to 63 ${WORD}, optionally after a DNS name and "/"`, part);
};

/** null means the empty value, as in Go's decoder. */
export const readLabelValue = (value: unknown, spot: Spot, tell: Tell): string => {
  const text = readText(value ?? '', spot, tell) ?? '';
  if (!isLabelValue(text)) tell(spot, `${quoted(text)} is not a label value: empty, or up to 63 ${WORD}`);
  return text;
};

/** The labels of an object. */
export const checkLabels = (value: unknown, spot: Spot, tell: Tell): void => {
  for (const [key, text, own] of valuesOf(value, spot, tell)) {
    checkLabelKey(key, own, tell, 'key');
    readLabelValue(text, own, tell);
  }
};

/** Limit for all annotations of an object together (ValidateAnnotationsSize of apimachinery). */
const MOST_BYTES = 256 * 1024;
const encoder = new TextEncoder();

/**
 * Annotations may hold any text. Their keys follow the rules for label keys, except that upper case is also allowed
 * before the "/".
 */
export const checkAnnotations = (value: unknown, spot: Spot, tell: Tell): void => {
  let bytes = 0;
  for (const [key, text, own] of valuesOf(value, spot, tell)) {
    if (!isLabelKey(key.toLowerCase()))
      tell(own, `${quoted(key)} is not an annotation key: 1 to 63 ${WORD}, optionally after a DNS name and "/"`, 'key');
    bytes += encoder.encode(`${key}${readText(text ?? '', own, tell) ?? ''}`).length;
  }
  if (bytes > MOST_BYTES) tell(spot, `annotations of ${bytes} bytes: at most ${MOST_BYTES}`, 'key');
};

const valuesOf = (value: unknown, spot: Spot, tell: Tell): readonly (readonly [string, unknown, Spot])[] => {
  const mapping = readMapping(value, null, spot, tell) ?? {};
  return Object.keys(mapping).map((key) => [key, mapping[key], at(spot, key)]);
};
