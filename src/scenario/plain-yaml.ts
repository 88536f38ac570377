/**
 * The quick way to read YAML: most manifests are written plainly, and mean the same to every parser. `yaml` knows the place of
 * everything, and takes twenty times as long; it is asked where a text is not plain, and when a place is needed.
 */

import { createLines, UNFIT, unfit } from './plain-lines.ts';
import { createLastParts } from './plain-parts.ts';
import { isFitKey } from './plain-scalar.ts';
import { createWords } from './plain-words.ts';
import { CLOSE_LIST, CLOSE_MAP, COLON, COMMA, OPEN_LIST, OPEN_MAP } from './yaml-signs.ts';

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

const readDocuments = (text: string): readonly PlainDocument[] => {
  let depth = 0;
  const lastParts = createLastParts(text);
  const lines = createLines(text);
  const { isBlank, skipSpaces, isLineOver, isDash, findLine, skipLine, endLine, lineStart } = lines;

  const { readQuoted, readPlain, isQuote } = createWords(text, lines);
  const quotedKey = () => {
    const source = readQuoted();
    return { source, isKey: isFitKey(source) };
  };
  const isKeyOver = (): boolean => text.charCodeAt(lines.at) === COLON && isBlank(lines.at + 1);
  const readKey = (isFlow: boolean): string => {
    const isQuoted = isQuote();
    const { source, isKey } = isQuoted ? quotedKey() : readPlain(isFlow);
    if (!isKeyOver() || !isKey) unfit();
    lines.at += 1;
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
    const sign = text.charCodeAt(lines.at);
    if (sign !== OPEN_LIST && sign !== OPEN_MAP) return readScalar(isFlow);
    deeper();
    const read = sign === OPEN_LIST ? readFlowList() : readFlowMapping();
    depth -= 1;
    return read;
  };
  /** Calls back for each item up to the closing bracket. */
  const readItems = (closing: number, readItem: () => void): void => {
    lines.at += 1;
    skipSpaces();
    if (text.charCodeAt(lines.at) === closing) {
      lines.at += 1;
      return;
    }
    for (;;) {
      readItem();
      skipSpaces();
      const sign = text.charCodeAt(lines.at);
      lines.at += 1;
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
    return readHere(own, mayBeList);
  };
  const readHere = (own: number, mayBeList: boolean): unknown =>
    lines.column > own || (mayBeList && lines.column === own && isDash()) ? readBlock() : null;
  const readBlock = (): unknown => {
    deeper();
    const read = isDash()
      ? readList(lines.column)
      : isBracket()
        ? readLine(lines.column - 1)
        : readMapping(lines.column);
    depth -= 1;
    return read;
  };
  const isBracket = (): boolean => {
    const sign = text.charCodeAt(lines.at);
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
      put(mapping, key, isLineOver() ? (own === 0 ? readPart(key) : readBelow(own, true)) : readLine(own));
      if (lines.column < own) return mapping;
      if (lines.column > own) unfit();
    }
  };
  /** What begins below a key of a document; it is not read again if the object before has the same there. */
  const readPart = (key: string): unknown => {
    skipLine();
    const start = lines.at;
    const last = lastParts.at(key, start);
    if (last) {
      lines.at += last.text.length;
      findLine();
      // Otherwise this part is longer.
      if (lines.column <= 0) return last.value;
      lines.at = start;
    }
    findLine();
    if (lines.column <= 0) return readHere(0, true);
    const value = readBlock();
    lastParts.keep(key, { text: text.slice(start, lines.at), value });
    return value;
  };
  const readList = (own: number): unknown[] => {
    const list: unknown[] = [];
    for (;;) {
      lines.at += 1;
      list.push(isLineOver() ? readBelow(own, false) : readItem(own));
      if (lines.column < own || !isDash()) return list;
      if (lines.column > own) unfit();
    }
  };
  /** An item whose first line has the dash: a mapping or another list begins there at its own column. */
  const readItem = (own: number): unknown => {
    lines.column = lines.at - lineStart();
    if (isDash()) return readBlock();
    const start = lines.at;
    if (!isBracket()) {
      if (isQuote()) readQuoted();
      else readPlain(false);
      const isMapping = isKeyOver();
      lines.at = start;
      if (isMapping) return readBlock();
    }
    return readLine(own);
  };

  const documents: PlainDocument[] = [];
  for (;;) {
    findLine();
    if (lines.column >= 0) {
      const start = lines.at;
      documents.push({ value: readBlock(), start });
      if (lines.column >= 0) unfit();
    }
    if (lines.at >= text.length) return documents;
    lines.at += 3;
    if (!isLineOver()) unfit();
    skipLine();
  }
};
