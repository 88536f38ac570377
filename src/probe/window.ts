import { availableParallelism } from 'node:os';

/**
 * How many tools may be in flight at once. One window serves all matrices that are taken at the same time, because they
 * share the machine: each tool takes its place until it ends or all tools of its exec have started, and the number of
 * places adapts to how quickly answers come.
 */
export interface Window {
  /** How many tools one exec may have. */
  execSize(): number;
  /** Resolves when an exec with so many tools may start. An abort ends the wait; the exec then reports it. */
  turn(tools: number, signal?: AbortSignal): Promise<Flight>;
  /** Leaves only a part of the places, such as a third for `by` 3. */
  narrow(by: number): void;
}

/** The tools of one exec. */
export interface Flight {
  report(news: News): void;
  /** The exec is over. */
  end(): void;
}

/** What has become of an exec's tools since the last news. */
export interface News {
  /** How many have ended. */
  readonly ended: number;
  /** How long the slowest answer among them took. */
  readonly slowestMs: number;
  /** All of the exec's tools have started. */
  readonly allStarted: boolean;
}

export interface WindowOptions {
  /** How long one tool waits for an answer. */
  readonly timeoutMs: number;
  /** How many tools may be in flight at most. Default: what keeps this machine's processors busy. */
  readonly most?: number | undefined;
}

/** An exec costs as much as some 30 tools, so fewer are not worth one; with too many, it takes long until all started. */
const LEAST_PER_EXEC = 40;
const MOST_PER_EXEC = 160;
/** An exec for each processor. With half as many again, answers take up to four times as long, and no matrix is faster. */
const TOOLS_PER_PROCESSOR = 160;
const LEAST_WINDOW = 16;
/** An answer that takes more than this part of the timeout shows that too much is in flight. */
const SLOW_PART = 0.2;
/** One that takes less than this part of that time shows that there is room. */
const ROOM_PART = 0.2;
/** How much of what has landed quickly is added to a window that was narrowed. */
const GROWTH = 0.5;

export const createWindow = ({ timeoutMs, ...options }: WindowOptions): Window => {
  const slowMs = timeoutMs * SLOW_PART;
  const waiting: { readonly tools: number; readonly start: () => void }[] = [];
  const most = options.most ?? TOOLS_PER_PROCESSOR * availableParallelism();
  let places = most;
  let flying = 0;

  const narrow = (by: number): void => {
    places = Math.max(LEAST_WINDOW, places / by);
  };
  const admit = (): void => {
    for (let [next] = waiting; next && (flying === 0 || flying + next.tools <= places); [next] = waiting) {
      waiting.shift();
      flying += next.tools;
      next.start();
    }
  };
  const createFlight = (tools: number): Flight => {
    let aloft = tools;
    let isSlow = false;
    const free = (count: number): void => {
      const freed = Math.min(count, aloft);
      flying -= freed;
      aloft -= freed;
      admit();
    };
    return {
      report: ({ ended, slowestMs, allStarted }) => {
        if (slowestMs < slowMs * ROOM_PART && waiting.length > 0) places = Math.min(most, places + ended * GROWTH);
        if (slowestMs > slowMs && !isSlow) {
          isSlow = true;
          narrow(2);
        }
        free(allStarted ? aloft : ended);
      },
      end: () => free(aloft),
    };
  };

  return {
    execSize: () => Math.min(MOST_PER_EXEC, Math.max(LEAST_PER_EXEC, places)),
    turn: (tools, signal) =>
      new Promise((resolve) => {
        const start = (): void => {
          signal?.removeEventListener('abort', giveUp);
          resolve(createFlight(tools));
        };
        const own = { tools, start };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(own), 1);
          flying += tools;
          start();
        };
        waiting.push(own);
        if (signal?.aborted) return giveUp();
        signal?.addEventListener('abort', giveUp, { once: true });
        admit();
      }),
    narrow,
  };
};
