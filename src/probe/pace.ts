import { availableParallelism } from 'node:os';

/**
 * When the tools of a matrix may start, and how often what broke is asked again. The machine sets the pace: so many
 * tools may be in flight, each takes its place until it ends or all tools of its exec have started, and the number adapts
 * to how quickly answers come.
 */
export interface Pace {
  /** How many tools one exec of this round may have. */
  execSize(): number;
  /** Resolves when an exec with so many tools may start. An abort ends the wait; the exec then reports it. */
  turn(tools: number, signal?: AbortSignal): Promise<Flight>;
  /** Ends a round. Returns whether another one follows. */
  again(round: RoundEnd): boolean;
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

export interface RoundEnd {
  /** With more time the round might have seen more. */
  readonly hurried: boolean;
}

export interface PaceOptions {
  /** How long one tool waits for an answer. */
  readonly timeoutMs: number;
  /** How many rounds follow one that was not hurried. */
  readonly retries: number;
  /** How many tools may be in flight at most. Default: what keeps this machine's processors busy. */
  readonly window?: number | undefined;
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
/** How often a hurried round is followed by a slower one, which does not count as a retry. */
const SLOWER_ROUNDS = 3;
const SLOWER_BY = 3;

export const createPace = ({ timeoutMs, retries, ...options }: PaceOptions): Pace => {
  const slowMs = timeoutMs * SLOW_PART;
  const waiting: { readonly tools: number; readonly start: () => void }[] = [];
  const most = options.window ?? TOOLS_PER_PROCESSOR * availableParallelism();
  let window = most;
  let flying = 0;
  let slowed = 0;
  let retried = 0;

  const admit = (): void => {
    for (let [next] = waiting; next && (flying === 0 || flying + next.tools <= window); [next] = waiting) {
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
        if (slowestMs < slowMs * ROOM_PART && waiting.length > 0) window = Math.min(most, window + ended * GROWTH);
        if (slowestMs > slowMs && !isSlow) {
          isSlow = true;
          window = Math.max(LEAST_WINDOW, window / 2);
        }
        free(allStarted ? aloft : ended);
      },
      end: () => free(aloft),
    };
  };

  return {
    execSize: () => Math.min(MOST_PER_EXEC, Math.max(LEAST_PER_EXEC, window)),
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
    again: ({ hurried }) => {
      if (hurried && slowed < SLOWER_ROUNDS) {
        slowed += 1;
        window = Math.max(LEAST_WINDOW, window / SLOWER_BY);
        return true;
      }
      retried += 1;
      return retried <= retries;
    },
  };
};
