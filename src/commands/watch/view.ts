import { eventText, watchScreen } from '../../report/watch/index.ts';
import type { WatchEvent, WatchResult } from '../../watch/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** Where the events of a watch go as they happen. */
export interface WatchView {
  begin(): void;
  onEvent(event: WatchEvent): void;
  onState(result: WatchResult): void;
  end(): void;
}

/** Moves to the top of an empty screen. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H';
/** Moves to the top, writes over what is there, and empties the rest. */
const over = (lines: readonly string[]): string => `\x1b[H${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`;
const REDRAW_MS = 500;
const LOG_LINES = 10;

/**
 * On a terminal the matrix, drawn again and again with the last events below. Otherwise a line for each event, on standard
 * output or, if that gets JSON, on standard error.
 */
export const createWatchView = (
  { print, progress, colour, width }: Pick<Terminal, 'print' | 'progress' | 'colour' | 'width'>,
  reporter: 'terminal' | 'json',
): WatchView => {
  const isScreen = width !== undefined && reporter === 'terminal';
  const log: string[] = [];
  let drawnMs = 0;
  let isNews = false;
  const draw = (result: WatchResult): void => {
    if (!isScreen || !(isNews || result.toMs - drawnMs >= REDRAW_MS)) return;
    [drawnMs, isNews] = [result.toMs, false];
    void print(over(watchScreen(result, log, { colour, width })));
  };
  return {
    begin: () => {
      if (isScreen) void print(CLEAR);
      else progress.note('watching; Ctrl-C ends it', 'important');
    },
    onEvent: (event) => {
      const text = eventText(event);
      if (isScreen) {
        log.push(text);
        log.splice(0, log.length - LOG_LINES);
        isNews = true;
      } else if (reporter === 'json') progress.note(text, 'important');
      else void print(`${text}\n`);
    },
    onState: draw,
    end: () => {
      if (isScreen) void print('\n');
    },
  };
};
