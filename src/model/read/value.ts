/** Reads plain data as Go's decoder does: null means absent, and nothing is converted. */
import { kindOf, nearest, quoted } from '../../text.ts';
import { at, type Spot } from './spot.ts';

/** Reports what is wrong with the value at a place, or with its key. */
export type Tell = (spot: Spot, message: string, part?: 'key') => void;

export type Mapping = Readonly<Record<string, unknown>>;

/** Says in words where a key in the wrong mapping belongs; null for a key that only looks misspelt. */
export type Belongs = (key: string, value: unknown) => string | null;

/** Looks up in a table where keys belong: `under ipBlock`. */
export const belongsAt =
  (homes: Readonly<Record<string, string>>): Belongs =>
  (key) =>
    Object.hasOwn(homes, key) ? `${quoted(key)} belongs ${homes[key]}` : null;

/** Without a list of keys, every key is known. null if the value is not a mapping, which is then reported. */
export const readMapping = (
  value: unknown,
  keys: readonly string[] | null,
  spot: Spot,
  tell: Tell,
  belongs?: Belongs,
): Mapping | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const isPair = typeof value === 'string' && /^[^\s:]+:\S/.test(value);
    tell(spot, `expected a mapping, got ${kindOf(value)}${isPair ? ': write a space after the colon' : ''}`);
    return null;
  }
  const mapping = value as Mapping;
  if (!keys) return mapping;
  for (const key of Object.keys(mapping)) {
    if (keys.includes(key) || mapping[key] === undefined) continue;
    const place = belongs?.(key, mapping[key]) ?? null;
    tell(at(spot, key), place ?? `unknown key ${quoted(key)}${nearest('key', key, keys)}`, 'key');
  }
  return mapping;
};

const NONE: readonly never[] = Object.freeze([]);

/** An absent list is empty, and so is a value that is not a list, which is then reported. */
const readList = (value: unknown, spot: Spot, tell: Tell): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) tell(spot, `expected a list, got ${kindOf(value)}`);
  return NONE;
};

/** Reads a list item by item. Leaves out items for which `read` returns null, because they are already reported. */
export const readItems = <Item>(
  value: unknown,
  spot: Spot,
  tell: Tell,
  read: (item: unknown, spot: Spot, tell: Tell) => Item | null,
): readonly Item[] => {
  const written = readList(value, spot, tell);
  if (written.length === 0) return NONE;
  // Not pushed one by one: a list built by push reserves room for 17 items, and there are many lists.
  const items = written.map((item, index) => read(item, at(spot, index), tell));
  return items.includes(null) ? items.filter((item) => item !== null) : (items as Item[]);
};

/** null if the value is not a string, which is then reported. */
export const readText = (value: unknown, spot: Spot, tell: Tell): string | null => {
  if (typeof value === 'string') return value;
  const hint = typeof value === 'number' || typeof value === 'boolean' ? ': put it in quotes' : '';
  tell(spot, `expected a string, got ${kindOf(value)}${hint}`);
  return null;
};

/** One of a few words, such as a protocol. null if it is none of them, which is then reported. */
export const readWord = <Word extends string>(
  value: unknown,
  words: readonly Word[],
  kind: string,
  spot: Spot,
  tell: Tell,
): Word | null => {
  if (words.includes(value as Word)) return value as Word;
  const isText = typeof value === 'string';
  tell(
    spot,
    isText
      ? `${quoted(value)} is not a valid ${kind}${nearest(kind, value, words)}`
      : `expected one of ${words.join(', ')}, got ${kindOf(value)}`,
  );
  return null;
};

/** A whole number, as JSON writes it. */
export const checkWhole = (value: unknown, spot: Spot, tell: Tell): void => {
  if (!Number.isInteger(value)) tell(spot, `expected a whole number without quotes, got ${kindOf(value)}`);
};

const TIME = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/;

/** A time of RFC 3339 with seconds and zone, as metav1.Time decodes it. */
export const checkTime = (value: unknown, spot: Spot, tell: Tell): void => {
  const day = typeof value === 'string' ? TIME.exec(value)?.[1] : undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day that the month lacks would be read as one of the next month.
  const isDay = !Number.isNaN(midnight.valueOf()) && midnight.toISOString().startsWith(`${day}T`);
  if (!isDay) tell(spot, `expected a time such as 2025-06-01T08:50:15Z, got ${kindOf(value)}`);
};
