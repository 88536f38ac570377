/** Text in XML: JUnit and SVG. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What no XML document may contain (XML 1.0, 2.2 Char); line feeds and tabs stay. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

export const xmlText = (text: string): string =>
  text.replace(NO_CHARACTER, '\u{FFFD}').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** The start of an element: `<rect x="1">`. */
export const xmlTag = (name: string, attributes: Readonly<Record<string, string | number>>): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${xmlText(`${value}`)}"`)
    .join('')}>`;
