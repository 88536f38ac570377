/** The scalars of a text that may be plain YAML, read at a place in it. */
import { type Lines, unfit } from './plain-lines.ts';
import { createScalars, type PlainScalar } from './plain-scalar.ts';
import {
  BACKSLASH,
  COLON,
  DASH,
  DOUBLE,
  HASH,
  INDICATORS,
  isFlowSign,
  isOrdinary,
  LINE_FEED,
  SINGLE,
  SPACE,
} from './yaml-signs.ts';

export const createWords = (text: string, lines: Lines) => {
  const scalarAt = createScalars(text);
  const { isBlank } = lines;

  const readQuoted = (): string => {
    const quote = text.charCodeAt(lines.at);
    const start = lines.at + 1;
    for (lines.at = start; ; lines.at += 1) {
      const sign = text.charCodeAt(lines.at);
      if (sign === quote) break;
      if (sign === BACKSLASH || sign === LINE_FEED || Number.isNaN(sign)) unfit();
    }
    lines.at += 1;
    // Two single quotes are one of them.
    if (text.charCodeAt(lines.at) === quote) unfit();
    return text.slice(start, lines.at - 1);
  };

  const isFlowSignAt = (place: number): boolean => isFlowSign(text.charCodeAt(place));
  const beginsPlain = (isFlow: boolean): boolean => {
    const sign = text.charCodeAt(lines.at);
    return sign === DASH ? !isBlank(lines.at + 1) && !(isFlow && isFlowSignAt(lines.at + 1)) : !INDICATORS.has(sign);
  };
  /** Whether a scalar is over before this sign, of which the last one that is no space is at `end`. */
  const endsPlain = (sign: number, place: number, end: number, isFlow: boolean): boolean => {
    if (sign === COLON) return isBlank(place + 1) || (isFlow && isFlowSignAt(place + 1));
    if (sign === HASH) return end < place;
    return sign === LINE_FEED || Number.isNaN(sign) || (isFlow && isFlowSign(sign));
  };
  /** Up to the colon of a key, to a comment or to the end of the line; in brackets, to the next sign of them. */
  const readPlain = (isFlow: boolean): PlainScalar => {
    if (!beginsPlain(isFlow)) unfit();
    const start = lines.at;
    let [end, hash, hashToEnd] = [start, 0, 0];
    for (let place = start; ; place += 1) {
      const sign = text.charCodeAt(place);
      if (!isOrdinary(sign) && endsPlain(sign, place, end, isFlow)) break;
      hash = (Math.imul(hash, 31) + sign) | 0;
      if (sign === SPACE) continue;
      end = place + 1;
      hashToEnd = hash;
    }
    lines.at = end;
    return scalarAt(start, end, hashToEnd);
  };
  const isQuote = (): boolean => {
    const sign = text.charCodeAt(lines.at);
    return sign === DOUBLE || sign === SINGLE;
  };
  return { readQuoted, readPlain, isQuote };
};
