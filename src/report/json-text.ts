/** JSON.stringify leaves these as they are, and a terminal would obey some of them: DEL, C1, format, line separators. */
const UNPRINTABLE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as indented JSON that ends with a newline; in ASCII where a terminal could be steered. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(UNPRINTABLE, escapeOf)}\n`;

const escapeOf = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
