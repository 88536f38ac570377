/**
 * The quick way to read YAML: most manifests are written plainly, and mean the same to every parser. js-yaml reads those many
 * times faster than `yaml`, which knows the place of everything and is then asked only if a place is needed.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { kubectlValue, looksNumeric } from './kubectl-value.ts';

export interface PlainDocument {
  readonly value: unknown;
  /** Where its content begins. */
  readonly start: number;
}

/** More is for the other parser, which says where it is too deep. */
const DEEPEST = 90;

/**
 * What is never plain: tabs, carriage returns and the line breaks of YAML 1.1; lists and mappings in brackets on several
 * lines, which includes JSON.
 */
const NOT_PLAIN = /[\t\r\u0085\u2028\u2029\ufeff]|[[{,][ ]*\n|\n[ ]*[\]},]/;

/**
 * The documents of a text in which kubectl and YAML 1.2 read every scalar alike; null if it may be otherwise: with anchors,
 * tags, directives, repeated keys, text on several lines, escapes, or a mistake.
 */
export const plainDocuments = (text: string): readonly PlainDocument[] | null => {
  if (NOT_PLAIN.test(text)) return null;
  try {
    return read(parseEvents(text, { maxDepth: DEEPEST }), text);
  } catch {
    // The other parser says what is wrong.
    return null;
  }
};

/** What is being filled: a document, a list, or a mapping, which knows the key of the value that comes next. */
type Open =
  | { content: unknown; start: number }
  | { readonly list: unknown[] }
  | { readonly mapping: Record<string, unknown>; key: string | undefined };

const read = (events: readonly Event[], text: string): readonly PlainDocument[] | null => {
  const documents: PlainDocument[] = [];
  const stack: Open[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const closed = stack.pop();
      if (closed && 'start' in closed && closed.start >= 0)
        documents.push({ value: closed.content ?? undefined, start: closed.start });
    } else if (!begin(event, stack, text)) return null;
  }
  return documents;
};

/** False for what is not plain. */
const begin = (event: Exclude<Event, { type: typeof EVENT_ID.POP }>, stack: Open[], text: string): boolean => {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      stack.push({ content: undefined, start: -1 });
      return !event.explicitEnd && event.directives.length === 0;
    case EVENT_ID.ALIAS:
      return false;
    case EVENT_ID.SEQUENCE: {
      const list: unknown[] = [];
      const isAdded = isBare(event) && add(stack, list, event.start);
      stack.push({ list });
      return isAdded;
    }
    case EVENT_ID.MAPPING: {
      const mapping: Record<string, unknown> = {};
      const isAdded = isBare(event) && add(stack, mapping, event.start);
      stack.push({ mapping, key: undefined });
      return isAdded;
    }
    case EVENT_ID.SCALAR: {
      const value = isBare(event) ? scalarIn(event, text, isKeyNext(stack)) : undefined;
      return value !== undefined && add(stack, value, event.valueStart);
    }
  }
};

const isBare = ({ anchorStart, tagStart }: { readonly anchorStart: number; readonly tagStart: number }): boolean =>
  anchorStart < 0 && tagStart < 0;

const isKeyNext = (stack: readonly Open[]): boolean => {
  const top = stack.at(-1);
  return top !== undefined && 'mapping' in top && top.key === undefined;
};

/** False for a key that is no text, or that the mapping has already. */
const add = (stack: readonly Open[], value: unknown, start: number): boolean => {
  const top = stack.at(-1);
  if (!top) return false;
  if ('list' in top) top.list.push(value);
  else if ('start' in top) {
    top.content = value;
    top.start = start;
  } else if (top.key !== undefined) {
    top.mapping[top.key] = value;
    top.key = undefined;
  } else {
    if (typeof value !== 'string' || UNFIT_KEYS.has(value) || Object.hasOwn(top.mapping, value)) return false;
    top.key = value;
  }
  return true;
};

/** Refused in any manifest, and merged into the mapping. */
const UNFIT_KEYS: ReadonlySet<string> = new Set(['__proto__', '<<']);

/** Longer keys are a mistake in YAML. */
const LONGEST_KEY = 1_000;

/** The value of a scalar on one line that means the same to all; undefined for any other. */
const scalarIn = (event: ScalarEvent, text: string, isKey: boolean): string | number | boolean | null | undefined => {
  const { style, valueStart, valueEnd } = event;
  const source = valueStart < 0 ? '' : text.slice(valueStart, valueEnd);
  if (source.includes('\n') || (isKey && source.length > LONGEST_KEY)) return undefined;
  switch (style) {
    case SCALAR_STYLE.PLAIN: {
      const value = plainValue(source);
      if (!isKey || value === undefined) return value;
      const isSame = value !== null && (typeof value !== 'number' || source.length <= 6);
      return isSame && `${value}` === source ? source : undefined;
    }
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return source.includes('\\') ? undefined : getScalarValue(text, event);
    default:
      return undefined;
  }
};

/** A decimal that every reader takes for the same number. */
const INTEGER = /^(?:0|[1-9][0-9]{0,14})$/;
/** What is a number to YAML 1.2 (10.3.2), or might be one to others. */
const NUMERIC = /^[-+]?(?:0[xob][0-9a-f_]+|(?=[.0-9])[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]*)?|\.(?:inf|nan))$/i;

const plainValue = (source: string): string | number | boolean | null | undefined => {
  const isNumeric = looksNumeric(source);
  if (isNumeric && INTEGER.test(source)) return Number(source);
  const value = kubectlValue(source);
  if (typeof value === 'boolean') return /^(?:true|false)$/i.test(source) ? value : undefined;
  if (isNumeric && typeof value === 'string' && NUMERIC.test(source)) return undefined;
  return typeof value === 'number' ? undefined : value;
};
