/** The lines of a text that may be plain YAML. */
import { DASH, DOT, HASH, LINE_FEED, SPACE } from './yaml-signs.ts';

/** The one thing that is thrown where a text is not plain. The other parser says what is wrong, if anything is. */
export const UNFIT = new Error('not plain');

export const unfit = (): never => {
  throw UNFIT;
};

/** A place in a text: `at` is the next character, and `column` that of the line's first one; -1 if the document ends there. */
export const createLines = (text: string) => {
  const here = { at: 0, column: -1 };
  const isBlank = (place: number): boolean => {
    const sign = text.charCodeAt(place);
    return sign === SPACE || sign === LINE_FEED || Number.isNaN(sign);
  };
  const skipSpaces = (): void => {
    while (text.charCodeAt(here.at) === SPACE) here.at += 1;
  };
  /** Whether nothing follows in this line but a comment, which has a space before it. */
  const isLineOver = (): boolean => {
    const start = here.at;
    skipSpaces();
    const sign = text.charCodeAt(here.at);
    return sign === LINE_FEED || Number.isNaN(sign) || (sign === HASH && here.at > start);
  };
  const isDash = (): boolean => text.charCodeAt(here.at) === DASH && isBlank(here.at + 1);
  /** `---` or `...` */
  const isMarker = (sign: number): boolean =>
    text.charCodeAt(here.at) === sign &&
    text.charCodeAt(here.at + 1) === sign &&
    text.charCodeAt(here.at + 2) === sign &&
    isBlank(here.at + 3);

  /** Goes to the next line with something in it. */
  const findLine = (): void => {
    for (;;) {
      const start = here.at;
      skipSpaces();
      const sign = text.charCodeAt(here.at);
      if (Number.isNaN(sign)) {
        here.column = -1;
        return;
      }
      if (sign !== LINE_FEED && sign !== HASH) {
        here.column = here.at - start;
        stopAtMarker();
        return;
      }
      skipLine();
    }
  };
  const stopAtMarker = (): void => {
    if (here.column > 0) return;
    if (isMarker(DOT)) unfit();
    if (isMarker(DASH)) here.column = -1;
  };
  const skipLine = (): void => {
    const end = text.indexOf('\n', here.at);
    here.at = end < 0 ? text.length : end + 1;
  };
  /** Nothing that is indented further may follow: it would be more of the same scalar, or a mistake. */
  const endLine = (own: number): void => {
    if (!isLineOver()) unfit();
    skipLine();
    findLine();
    if (here.column > own) unfit();
  };

  const lineStart = (): number => text.lastIndexOf('\n', here.at - 1) + 1;
  return Object.assign(here, { isBlank, skipSpaces, isLineOver, isDash, findLine, skipLine, endLine, lineStart });
};

export type Lines = ReturnType<typeof createLines>;
