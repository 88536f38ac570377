/** The last line of a terminal, drawn again and again, while lines above it scroll. */
import { widthOf } from './width.ts';

export interface StatusLine {
  /** Replaces what it says. */
  show(text: string): void;
  /** Takes it away until what is returned is called, for what others write. Several may do so at once. */
  hide(): () => void;
  /** Takes it away for good. */
  end(): void;
}

const CLEAR = '\r\x1b[2K';
/** Many cells end at the same moment. */
const REDRAW_MS = 100;

export interface StatusLineOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly now?: () => number;
}

export const createStatusLine = ({ write, columns, now = () => performance.now() }: StatusLineOptions): StatusLine => {
  let text = '';
  let drawn = false;
  let hidden = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (drawn) write(CLEAR);
    drawn = false;
  };
  const draw = (): void => {
    if (hidden > 0 || text === '') return;
    // In the last column, some terminals go to the next line.
    write(`${CLEAR}${cut(text, columns() - 1)}`);
    drawn = true;
    drawnMs = now();
  };
  return {
    show: (next) => {
      text = next;
      if (now() - drawnMs >= REDRAW_MS) draw();
    },
    hide: () => {
      hidden += 1;
      clear();
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        hidden -= 1;
        draw();
      };
    },
    end: () => {
      text = '';
      clear();
    },
  };
};

/** As much of a printable text as fits, with an ellipsis if something is missing. */
const cut = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join('')) > columns - 1) characters.pop();
  return `${characters.join('').trimEnd()}…`;
};
