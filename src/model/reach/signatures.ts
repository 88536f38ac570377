import { type Band, createIds, kindOf } from './bands.ts';
import type { Row } from './bits.ts';
import type { EndpointClass } from './classes.ts';
import type { Column } from './columns.ts';
import { decisionIn, type Rows } from './rows.ts';

/** Equal for columns for which all sources of the bands have the same decisions. */
export const signatures = (bands: readonly Band[], was: Rows, is: Rows): ((column: Column) => string) => {
  const idOf = createIds();
  const rowsOf = (sides: readonly (Row | null)[]): readonly Row[] => [...new Set(sides.filter((row) => row !== null))];
  const before = rowsOf(bands.map((band) => band.before));
  const after = rowsOf(bands.map((band) => band.after));
  const both = [...new Set([...before, ...after])];
  return ({ pair: { before: old, after: now }, isBefore, isAfter }) => {
    const rows = `${old && idOf(was.ingress(old))} ${now && idOf(is.ingress(now))} ${old === now}`;
    // What looks the same on both sides is looked at once.
    const seen = old === now ? seenBy(both, old) : `${seenBy(before, old)}/${seenBy(after, now)}`;
    return `${isBefore} ${isAfter} ${kindOf(old)} ${kindOf(now)} ${rows} ${seen}`;
  };
};

const DIGITS = { deny: 0, allow: 1, unknown: 2 } as const;
/** As many digits to base 3 as an integer holds exactly. */
const DIGITS_AT_ONCE = 33;

/** What the rows decide about a destination, digit by digit; put together as numbers, because a text grows ten times as slowly. */
const seenBy = (rows: readonly Row[], to: EndpointClass | null): string => {
  if (!to) return '';
  const numbers: number[] = [];
  for (let start = 0; start < rows.length; start += DIGITS_AT_ONCE) {
    let number = 0;
    for (const row of rows.slice(start, start + DIGITS_AT_ONCE)) number = number * 3 + DIGITS[decisionIn(row, to)];
    numbers.push(number);
  }
  return numbers.join();
};
