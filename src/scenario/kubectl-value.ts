/** Scalars by the YAML 1.1 rules of sigs.k8s.io/yaml (goyaml.v2/resolve.go; no sexagesimals, and no times). */

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...spellings(['y', 'yes', 'on', 'true'], true),
  ...spellings(['n', 'no', 'off', 'false'], false),
  ...spellings(['null'], null),
  ['', null],
  ['~', null],
]);

/** `on`, `On`, `ON`. */
function spellings<Value>(lowerCase: readonly string[], value: Value): readonly (readonly [string, Value])[] {
  return lowerCase.flatMap((word) => {
    const capital = word.slice(0, 1).toUpperCase() + word.slice(1);
    return [word, capital, word.toUpperCase()].map((spelling) => [spelling, value] as const);
  });
}

const integer = /^(?<sign>[-+]?)(?<digits>0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Whether a text begins as numbers do. */
export const looksNumeric = (text: string): boolean => {
  const code = text.charCodeAt(0);
  return (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46;
};

const numberOf = (text: string): number | null => {
  if (!looksNumeric(text)) return null;
  const plain = text.replaceAll('_', '');
  const { sign, digits } = integer.exec(plain)?.groups ?? {};
  if (digits !== undefined) {
    const size = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    return sign === '-' ? -size : size;
  }
  return float.test(plain) ? Number(plain) : null;
};

/** How kubectl reads a scalar without quotes. */
export const kubectlValue = (text: string): string | number | boolean | null => {
  const word = words.get(text);
  return word === undefined ? (numberOf(text) ?? text) : word;
};
