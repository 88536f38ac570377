const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Control and format characters (escapes, bidi marks, zero-width), line separators, lone surrogates: Unicode's Cc, Cf, Zl, Zp, Cs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text on one line, with every character that could steer a terminal written out as an escape (`\x1b`, `\u{202e}`). */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => NAMED[character] ?? escapeOf(character.codePointAt(0) ?? 0));

const escapeOf = (codePoint: number): string => {
  const hex = codePoint.toString(16);
  return codePoint <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
};

/** The lines of a text meant for people, such as an intent, each of them printable; no blank ones at either end. */
export const printableLines = (text: string): string[] => text.trim().split(/\r?\n/).map(printable);

/** Printable and at most `limit` code points long, the last of them `…` where something was cut. */
export const excerpt = (text: string, limit: number): string => {
  const characters = [...printable(text)];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
};

/** What a terminal draws two columns wide (Unicode's East Asian width W and F), and what it draws into the one before. */
const WIDE =
  /[[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]--[\uff61-\uffdc]]/v;
const COMBINING = /[\p{Mark}\u1160-\u11ff]/v;
const ASCII = /^[\x20-\x7e]*$/v;

/** How many columns of a terminal a printable text takes. */
export const widthOf = (text: string): number =>
  ASCII.test(text)
    ? text.length
    : [...text].reduce((width, each) => width + (COMBINING.test(each) ? 0 : WIDE.test(each) ? 2 : 1), 0);

/** Fills up with spaces to `width` columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Joins `items` by `gap` into lines of at most `width` columns; an item that is wider has a line of its own. */
export const flow = (items: readonly string[], width: number, gap: string): string[] => {
  const lines: string[] = [];
  for (const item of items) {
    const joined = `${lines.at(-1)}${gap}${item}`;
    if (lines.length > 0 && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(item);
  }
  return lines;
};
