/** JSON.stringify leaves these as they are, and a terminal would obey some of them: DEL, C1, format, line separators. */
const UNPRINTABLE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

const INDENT = '  ';

/** A value as indented JSON that ends with a newline; in ASCII where a terminal could be steered. */
export const jsonText = (value: unknown): string => [...jsonParts(value)].join('');

/**
 * The same text in parts, for what no string can hold: an iterator in the value is written as an array, one item after
 * the other, as it gives them.
 */
export function* jsonParts(value: unknown): Generator<string> {
  yield* partsOf(value, '');
  yield '\n';
}

function* partsOf(value: unknown, indent: string): Generator<string> {
  if (value instanceof Iterator) yield* listParts(value, indent);
  else if (holdsIterator(value)) yield* objectParts(value, indent);
  // A newline in JSON is never one in a string.
  else yield escaped(JSON.stringify(value, null, INDENT)).replaceAll('\n', `\n${indent}`);
}

function* listParts(items: Iterable<unknown>, indent: string): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}\n${indent}${INDENT}`;
    yield* partsOf(item, indent + INDENT);
    before = ',';
  }
  yield before === '[' ? '[]' : `\n${indent}]`;
}

/** An object's entries, without those that are undefined, as JSON.stringify leaves them out. */
function* objectParts(object: object, indent: string): Generator<string> {
  let before = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}\n${indent}${INDENT}${escaped(JSON.stringify(key))}: `;
    yield* partsOf(value, indent + INDENT);
    before = ',';
  }
  yield `\n${indent}}`;
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
