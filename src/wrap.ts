import { widthOf } from './width.ts';

/** How much further lines are indented beyond the first, unless somebody wants more. */
const HANG = '  ';

/**
 * The line, broken between words so that it fits into `width` columns. A word that is wider stays whole, and so does
 * what stands in backticks, because that is there to be copied. No width: one line.
 */
export const wrapped = (line: string, width: number | undefined, hang = HANG): string[] => {
  if (width === undefined || widthOf(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const [first = '', ...rest] = line.match(/ *(?:`[^`]*`|\S)+/g) ?? [];
  const lines = [first];
  for (const word of rest) {
    const joined = `${lines.at(-1)}${word}`;
    if (widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(`${indent}${hang}${word.trimStart()}`);
  }
  return lines;
};
