/**
 * The quick way to read YAML: most manifests are written plainly, and mean the same to every parser. `yaml` knows the place of
 * everything, and takes twenty times as long; it is asked where a text is not plain, and when a place is needed.
 */
import { createScalars, isFitKey, type PlainScalar } from './plain-scalar.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_MAP,
  COLON,
  COMMA,
  DASH,
  DOT,
  DOUBLE,
  HASH,
  INDICATORS,
  isFlowSign,
  isOrdinary,
  LINE_FEED,
  OPEN_LIST,
  OPEN_MAP,
  SINGLE,
  SPACE,
} from './yaml-signs.ts';

export interface PlainDocument {
  readonly value: unknown;
  /** Where its content begins. */
  readonly start: number;
}

/** More is for the other parser, which says where it is too deep. */
const DEEPEST = 90;

/**
 * What is never plain: tabs, carriage returns, the line breaks of YAML 1.1, and characters that some parsers refuse; lists and
 * mappings in brackets on several lines, which includes JSON.
 */
const NOT_PLAIN = /[\t\r\u0085\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|[[{,][ ]*\n|\n[ ]*[\]},]/;

/**
 * The documents of a text in which kubectl and YAML 1.2 read every scalar alike; null if it may be otherwise: with anchors,
 * tags, directives, repeated keys, text on several lines, escapes, or a mistake.
 */
export const plainDocuments = (text: string): readonly PlainDocument[] | null => {
  if (NOT_PLAIN.test(text)) return null;
  try {
    return readDocuments(text);
  } catch (error) {
    if (error !== UNFIT) throw error;
    return null;
  }
};

/** The one thing that is thrown here. The other parser says what is wrong, if anything is. */
const UNFIT = new Error('not plain');

const unfit = (): never => {
  throw UNFIT;
};

/** Reads line by line: `at` is the next character, and `column` that of the line's first one; -1 if the document ends there. */
const readDocuments = (text: string): readonly PlainDocument[] => {
  let at = 0;
  let column = -1;
  let depth = 0;
  const scalarAt = createScalars(text);

  const isBlank = (place: number): boolean => {
    const sign = text.charCodeAt(place);
    return sign === SPACE || sign === LINE_FEED || Number.isNaN(sign);
  };
  const skipSpaces = (): void => {
    while (text.charCodeAt(at) === SPACE) at += 1;
  };
  /** Whether nothing follows in this line but a comment, which has a space before it. */
  const isLineOver = (): boolean => {
    const start = at;
    skipSpaces();
    const sign = text.charCodeAt(at);
    return sign === LINE_FEED || Number.isNaN(sign) || (sign === HASH && at > start);
  };
  const isDash = (): boolean => text.charCodeAt(at) === DASH && isBlank(at + 1);
  /** `---` or `...` */
  const isMarker = (sign: number): boolean =>
    text.charCodeAt(at) === sign &&
    text.charCodeAt(at + 1) === sign &&
    text.charCodeAt(at + 2) === sign &&
    isBlank(at + 3);

  /** Goes to the next line with something in it. */
  const findLine = (): void => {
    for (;;) {
      const start = at;
      skipSpaces();
      const sign = text.charCodeAt(at);
      if (Number.isNaN(sign)) {
        column = -1;
        return;
      }
      if (sign !== LINE_FEED && sign !== HASH) {
        column = at - start;
        stopAtMarker();
        return;
      }
      skipLine();
    }
  };
  const stopAtMarker = (): void => {
    if (column > 0) return;
    if (isMarker(DOT)) unfit();
    if (isMarker(DASH)) column = -1;
  };
  const skipLine = (): void => {
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
  };
  /** Nothing that is indented further may follow: it would be more of the same scalar, or a mistake. */
  const endLine = (own: number): void => {
    if (!isLineOver()) unfit();
    skipLine();
    findLine();
    if (column > own) unfit();
  };

  const readQuoted = (): string => {
    const quote = text.charCodeAt(at);
    const start = at + 1;
    for (at = start; ; at += 1) {
      const sign = text.charCodeAt(at);
      if (sign === quote) break;
      if (sign === BACKSLASH || sign === LINE_FEED || Number.isNaN(sign)) unfit();
    }
    at += 1;
    // Two single quotes are one of them.
    if (text.charCodeAt(at) === quote) unfit();
    return text.slice(start, at - 1);
  };
  const isFlowSignAt = (place: number): boolean => isFlowSign(text.charCodeAt(place));
  const beginsPlain = (isFlow: boolean): boolean => {
    const sign = text.charCodeAt(at);
    return sign === DASH ? !isBlank(at + 1) && !(isFlow && isFlowSignAt(at + 1)) : !INDICATORS.has(sign);
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
    const start = at;
    let [end, hash, hashToEnd] = [start, 0, 0];
    for (let place = start; ; place += 1) {
      const sign = text.charCodeAt(place);
      if (!isOrdinary(sign) && endsPlain(sign, place, end, isFlow)) break;
      hash = (Math.imul(hash, 31) + sign) | 0;
      if (sign === SPACE) continue;
      end = place + 1;
      hashToEnd = hash;
    }
    at = end;
    return scalarAt(start, end, hashToEnd);
  };
  const isQuote = (): boolean => {
    const sign = text.charCodeAt(at);
    return sign === DOUBLE || sign === SINGLE;
  };
  const quotedKey = () => {
    const source = readQuoted();
    return { source, isKey: isFitKey(source) };
  };
  const isKeyOver = (): boolean => text.charCodeAt(at) === COLON && isBlank(at + 1);
  const readKey = (isFlow: boolean): string => {
    const isQuoted = isQuote();
    const { source, isKey } = isQuoted ? quotedKey() : readPlain(isFlow);
    if (!isKeyOver() || !isKey) unfit();
    at += 1;
    return source;
  };
  const readScalar = (isFlow: boolean): unknown => {
    if (isQuote()) return readQuoted();
    const { value } = readPlain(isFlow);
    return value === undefined ? unfit() : value;
  };
  const put = (mapping: Record<string, unknown>, key: string, value: unknown): void => {
    if (Object.hasOwn(mapping, key)) unfit();
    mapping[key] = value;
  };

  /** A list or a mapping in brackets, or a scalar. */
  const readInline = (isFlow: boolean): unknown => {
    const sign = text.charCodeAt(at);
    if (sign !== OPEN_LIST && sign !== OPEN_MAP) return readScalar(isFlow);
    deeper();
    const read = sign === OPEN_LIST ? readFlowList() : readFlowMapping();
    depth -= 1;
    return read;
  };
  /** Calls back for each item up to the closing bracket. */
  const readItems = (closing: number, readItem: () => void): void => {
    at += 1;
    skipSpaces();
    if (text.charCodeAt(at) === closing) {
      at += 1;
      return;
    }
    for (;;) {
      readItem();
      skipSpaces();
      const sign = text.charCodeAt(at);
      at += 1;
      if (sign === closing) return;
      if (sign !== COMMA) unfit();
      skipSpaces();
    }
  };
  const readFlowList = (): unknown[] => {
    const list: unknown[] = [];
    readItems(CLOSE_LIST, () => list.push(readInline(true)));
    return list;
  };
  const readFlowMapping = (): Record<string, unknown> => {
    const mapping: Record<string, unknown> = {};
    readItems(CLOSE_MAP, () => {
      const key = readKey(true);
      skipSpaces();
      put(mapping, key, readInline(true));
    });
    return mapping;
  };

  const deeper = (): void => {
    depth += 1;
    if (depth > DEEPEST) unfit();
  };
  /** What begins in the line after a key or a dash at this column; null if nothing does. */
  const readBelow = (own: number, mayBeList: boolean): unknown => {
    skipLine();
    findLine();
    return column > own || (mayBeList && column === own && isDash()) ? readBlock() : null;
  };
  const readBlock = (): unknown => {
    deeper();
    const read = isDash() ? readList(column) : isBracket() ? readLine(column - 1) : readMapping(column);
    depth -= 1;
    return read;
  };
  const isBracket = (): boolean => {
    const sign = text.charCodeAt(at);
    return sign === OPEN_LIST || sign === OPEN_MAP;
  };
  const readLine = (own: number): unknown => {
    const value = readInline(false);
    endLine(own);
    return value;
  };
  const readMapping = (own: number): Record<string, unknown> => {
    const mapping: Record<string, unknown> = {};
    for (;;) {
      if (isDash()) unfit();
      const key = readKey(false);
      put(mapping, key, isLineOver() ? readBelow(own, true) : readLine(own));
      if (column < own) return mapping;
      if (column > own) unfit();
    }
  };
  const readList = (own: number): unknown[] => {
    const list: unknown[] = [];
    for (;;) {
      at += 1;
      list.push(isLineOver() ? readBelow(own, false) : readItem(own));
      if (column < own || !isDash()) return list;
      if (column > own) unfit();
    }
  };
  /** An item whose first line has the dash: a mapping or another list begins there at its own column. */
  const readItem = (own: number): unknown => {
    column = at - lineStart();
    if (isDash()) return readBlock();
    const start = at;
    if (!isBracket()) {
      if (isQuote()) readQuoted();
      else readPlain(false);
      const isMapping = isKeyOver();
      at = start;
      if (isMapping) return readBlock();
    }
    return readLine(own);
  };
  const lineStart = (): number => text.lastIndexOf('\n', at - 1) + 1;

  const documents: PlainDocument[] = [];
  for (;;) {
    findLine();
    if (column >= 0) {
      const start = at;
      documents.push({ value: readBlock(), start });
      if (column >= 0) unfit();
    }
    if (at >= text.length) return documents;
    at += 3;
    if (!isLineOver()) unfit();
    skipLine();
  }
};
