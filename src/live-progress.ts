/** Progress on a terminal: lines for what is done, and one line that is redrawn for what is going on. */
import type { Doing, Progress } from './progress.ts';
import type { StatusLine } from './status-line.ts';
import { durationText } from './stopwatch.ts';
import { plural, printable } from './text.ts';

export interface LiveProgressOptions {
  readonly lines: Progress;
  readonly status: StatusLine;
  readonly now?: () => number;
  /** Does something each second until what it returns is called. */
  readonly eachSecond?: (work: () => void) => () => void;
}

/** @param lines Writes the lines above. */
export const liveProgress = ({
  lines,
  status,
  now = () => performance.now(),
  eachSecond = byTimer,
}: LiveProgressOptions): Progress & { readonly end: () => void } => {
  const startMs = now();
  const running = new Map<symbol, { readonly what: string; readonly beganMs: number }>();
  let doing: Doing | undefined;
  /** A command that has no long work gets no clock. */
  let hasBegun = false;
  const draw = (): void => {
    hasBegun ||= running.size > 0 || doing !== undefined;
    if (!hasBegun) return;
    const works = [...running.values()].map(({ what, beganMs }) => `${what} (${durationText(now() - beganMs)})`);
    status.show(printable(statusText(now() - startMs, works, doing)));
  };
  const stopClock = eachSecond(draw);
  return {
    note: (text, weight) => lines.note(text, weight),
    during: async (what, work) => {
      const id = Symbol(what);
      const beganMs = now();
      running.set(id, { what, beganMs });
      draw();
      try {
        const result = await work();
        lines.note(`${what}: done in ${durationText(now() - beganMs)}`);
        return result;
      } catch (error) {
        lines.note(`${what}: failed after ${durationText(now() - beganMs)}`);
        throw error;
      } finally {
        running.delete(id);
        draw();
      }
    },
    doing: (next) => {
      doing = next;
      draw();
    },
    end: () => {
      stopClock();
      status.end();
    },
  };
};

const byTimer = (work: () => void): (() => void) => {
  const timer = setInterval(work, 1000).unref();
  return () => clearInterval(timer);
};

/** Numbers first, because names may be longer than the terminal is wide. */
export const statusText = (elapsedMs: number, works: readonly string[], doing: Doing | undefined): string => {
  const seconds = Math.floor(elapsedMs / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(6);
  const cells = doing && doing.cells.done > 0 ? [cellsText(doing)] : [];
  const [phase, ...others] = [...(doing?.phases ?? []), ...works];
  const more = others.length > 0 ? ` and ${plural(others.length, 'other')}` : '';
  return [clock, ...cells, ...(phase === undefined ? [] : [`${phase}${more}`])].join('  ');
};

const cellsText = ({ cells: { done, total }, leftMs }: Doing): string => {
  const text = `${done.toLocaleString('en')}/${total.toLocaleString('en')} cells`;
  return leftMs === undefined ? text : `${text}, ${leftText(leftMs)}`;
};

/** No more exact than it can be. */
const leftText = (leftMs: number): string => {
  const seconds = Math.ceil(leftMs / 10_000) * 10;
  return seconds < 60 ? `about ${seconds} s left` : `about ${Math.ceil(leftMs / 60_000)} min left`;
};
