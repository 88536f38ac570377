/** JSON.stringify leaves these unescaped, and some of them control a terminal: DEL, C1, format, line separators. */
const UNPRINTABLE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** How it is laid out: on many lines, indented, or on one. */
interface Layout {
  readonly step: string;
  /** Begins a new line at an indentation, if there are lines. */
  readonly line: (indent: string) => string;
  readonly colon: string;
}

const INDENTED: Layout = { step: '  ', line: (indent) => `\n${indent}`, colon: ': ' };
const ONE_LINE: Layout = { step: '', line: () => '', colon: ':' };

/**
 * A value as indented JSON that ends with a newline. Characters that could control a terminal are written as escapes.
 */
export const jsonText = (value: unknown): string => [...jsonParts(value)].join('');

/**
 * The same text in parts, because it may be longer than a string can be. An iterator in the value is written as an
 * array, item by item.
 */
export function* jsonParts(value: unknown): Generator<string> {
  yield* partsOf(value, '', INDENTED);
  yield '\n';
}

/** The same on one line. */
export function* jsonLine(value: unknown): Generator<string> {
  yield* partsOf(value, '', ONE_LINE);
  yield '\n';
}

function* partsOf(value: unknown, indent: string, layout: Layout): Generator<string> {
  if (value instanceof Iterator) yield* listParts(value, indent, layout);
  else if (holdsIterator(value)) yield* objectParts(value, indent, layout);
  // A newline in JSON is never inside a string.
  else yield escaped(JSON.stringify(value, null, layout.step)).replaceAll('\n', `\n${indent}`);
}

function* listParts(items: Iterable<unknown>, indent: string, layout: Layout): Generator<string> {
  const inner = indent + layout.step;
  let before = '[';
  for (const item of items) {
    yield `${before}${layout.line(inner)}`;
    yield* partsOf(item, inner, layout);
    before = ',';
  }
  yield before === '[' ? '[]' : `${layout.line(indent)}]`;
}

/** An object's entries, without the undefined ones, which JSON.stringify leaves out too. */
function* objectParts(object: object, indent: string, layout: Layout): Generator<string> {
  const inner = indent + layout.step;
  let before = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${layout.line(inner)}${escaped(JSON.stringify(key))}${layout.colon}`;
    yield* partsOf(value, inner, layout);
    before = ',';
  }
  yield `${layout.line(indent)}}`;
}

const holdsIterator = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).some((part) => part instanceof Iterator || holdsIterator(part));

const escaped = (json: string): string => json.replace(UNPRINTABLE, escapeOf);

const escapeOf = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
