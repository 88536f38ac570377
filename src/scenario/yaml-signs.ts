/** The characters that mean something in YAML, as codes. */

const code = (sign: string): number => sign.charCodeAt(0);
export const SPACE = code(' ');
export const LINE_FEED = code('\n');
export const HASH = code('#');
export const COLON = code(':');
export const DASH = code('-');
export const DOT = code('.');
export const DOUBLE = code('"');
export const SINGLE = code("'");
export const BACKSLASH = code('\\');
export const COMMA = code(',');
export const OPEN_LIST = code('[');
export const CLOSE_LIST = code(']');
export const OPEN_MAP = code('{');
export const CLOSE_MAP = code('}');
const [LOWER_A, LOWER_Z, UPPER_A, UPPER_Z] = [97, 122, 65, 90] as const;

/** Signs with which no plain scalar begins; a dash may, before anything but a blank. */
export const INDICATORS: ReadonlySet<number> = new Set([...'?:,[]{}#&*!|>\'"%@`'].map(code));

/** Part of a scalar wherever it stands: a letter, a digit, a dot, a dash, a slash. */
export const isOrdinary = (sign: number): boolean =>
  (sign >= LOWER_A && sign <= LOWER_Z) || (sign >= DASH && sign < COLON) || (sign >= UPPER_A && sign <= UPPER_Z);

/** What ends a scalar in brackets. */
export const isFlowSign = (sign: number): boolean =>
  sign === COMMA || sign === OPEN_LIST || sign === CLOSE_LIST || sign === OPEN_MAP || sign === CLOSE_MAP;
