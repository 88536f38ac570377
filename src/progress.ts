import { durationText } from './stopwatch.ts';

/** Reports what is going on and for how long: one line when a piece of work begins, one when it ends. */
export interface Progress {
  /** A remark on a line of its own. An important one is shown in a quiet run too. */
  note(text: string, weight?: 'important'): void;
  /** Announces `what`, awaits the work and says how long it took, or that it failed. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** What a run is doing now; absent where no line can be drawn again. */
  readonly doing?: (doing: Doing) => void;
}

export interface Doing {
  /** `probing deny-all`, the latest first. */
  readonly phases: readonly string[];
  readonly cells: { readonly done: number; readonly total: number };
  /** Absent before it means something. */
  readonly leftMs?: number;
}

export const silent: Progress = { note: () => {}, during: (_what, work) => work() };

/** A progress with --quiet: only the important remarks. */
export const quieted = (progress: Progress): Progress => ({
  note: (text, weight) => {
    if (weight === 'important') progress.note(text, weight);
  },
  during: (_what, work) => work(),
});

/**
 * Plain lines, each with the time since the start as `m:ss`. While work goes on that takes longer than `heartbeatMs`, a
 * line now and then says what, so that a log never stands still without a reason.
 */
export const progressLines = (
  write: (line: string) => void,
  { heartbeatMs = 30_000, now = () => performance.now() } = {},
): Progress => {
  const startMs = now();
  const running = new Map<symbol, { readonly what: string; readonly beganMs: number }>();
  const clock = () => {
    const seconds = Math.floor((now() - startMs) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(6);
  };
  const note = (text: string) => write(`${clock()}  ${text}`);
  const beat = () => {
    const texts = [...running.values()].map(({ what, beganMs }) => `${what} (${durationText(now() - beganMs)})`);
    note(`still running: ${texts.join(', ')}`);
  };
  let heartbeat: NodeJS.Timeout | undefined;
  const begin = (what: string) => {
    const id = Symbol(what);
    const beganMs = now();
    running.set(id, { what, beganMs });
    heartbeat ??= setInterval(beat, heartbeatMs).unref();
    note(`${what} …`);
    return (outcome: string) => {
      running.delete(id);
      if (running.size === 0) {
        clearInterval(heartbeat);
        heartbeat = undefined;
      }
      note(`${what}: ${outcome} ${durationText(now() - beganMs)}`);
    };
  };
  return {
    note,
    during: async (what, work) => {
      const end = begin(what);
      try {
        const result = await work();
        end('done in');
        return result;
      } catch (error) {
        end('failed after');
        throw error;
      }
    },
  };
};

/** A progress whose pieces of work are counted: `[3/14] …`. */
export const numbered = (progress: Progress, total: number): Progress => {
  let number = 0;
  return {
    note: progress.note,
    during: (what, work) => {
      number += 1;
      return progress.during(`[${number}/${total}] ${what}`, work);
    },
  };
};
