import { widthOf } from '../width.ts';

/** Pads with spaces to `width` columns. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Joins `items` by `gap` into lines of at most `width` columns; a wider item gets a line of its own. */
export const flow = (items: readonly string[], width: number, gap: string): string[] => {
  const lines: string[] = [];
  for (const item of items) {
    const joined = `${lines.at(-1)}${gap}${item}`;
    if (lines.length > 0 && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(item);
  }
  return lines;
};
