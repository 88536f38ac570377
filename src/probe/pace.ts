import { availableParallelism } from 'node:os';

/**
 * When the tools of a matrix may start, and how often what broke is asked again. The machine sets the pace: so many
 * tools may be in flight, each takes its place until it ends or waits silently, and the number adapts to how quickly
 * answers come.
 */
export interface Pace {
  /** Resolves when an exec with so many tools may start. An abort ends the wait; the exec then reports it. */
  turn(tools: number, signal?: AbortSignal): Promise<Flight>;
  /** Ends a round. Returns whether another one follows. */
  again(round: RoundEnd): boolean;
}

/** The tools of one exec. */
export interface Flight {
  /** Reports that some have ended, and how long the slowest answer among them took; 0 when all have started. */
  landed(tools: number, slowestMs: number): void;
  /** The exec is over. */
  end(): void;
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
  /** How many tools may be in flight at first. Default: what keeps this machine's processors busy. */
  readonly window?: number | undefined;
}

/** Two execs for each processor, so that one starts while the other's tools run. */
const TOOLS_PER_PROCESSOR = 160;
const LEAST_WINDOW = 16;
const MOST_WINDOW = 4_000;
/** An answer that takes more than this part of the timeout shows that too much is in flight. */
const SLOW_PART = 0.2;
/** One that takes less than this part of that time shows that there is room. */
const ROOM_PART = 0.2;
/** How much of what has landed quickly is added to the window. */
const GROWTH = 0.05;
/** After this time without an end, or a few times what answers take, the other tools of an exec wait silently. */
const QUIET_MS = 60;
const QUIET_ANSWERS = 3;
/** How often a hurried round is followed by a slower one, which does not count as a retry. */
const SLOWER_ROUNDS = 3;
const SLOWER_BY = 3;

export const createPace = ({ timeoutMs, retries, ...options }: PaceOptions): Pace => {
  const slowMs = timeoutMs * SLOW_PART;
  const waiting: { readonly tools: number; readonly start: () => void }[] = [];
  let window = options.window ?? TOOLS_PER_PROCESSOR * availableParallelism();
  let flying = 0;
  let answerMs = 0;
  let slowed = 0;
  let retried = 0;

  const admit = (): void => {
    for (let [next] = waiting; next && (flying === 0 || flying + next.tools <= window); [next] = waiting) {
      waiting.shift();
      flying += next.tools;
      next.start();
    }
  };
  const adapt = (tools: number, slowestMs: number): void => {
    answerMs = Math.max(slowestMs, answerMs * 0.8);
    if (slowestMs < slowMs * ROOM_PART && waiting.length > 0) window = Math.min(MOST_WINDOW, window + tools * GROWTH);
  };

  const createFlight = (tools: number): Flight => {
    let aloft = tools;
    let isSlow = false;
    let quiet: NodeJS.Timeout | undefined;
    const free = (ended: number): void => {
      const freed = Math.min(ended, aloft);
      flying -= freed;
      aloft -= freed;
      admit();
    };
    return {
      landed: (ended, slowestMs) => {
        adapt(ended, slowestMs);
        if (slowestMs > slowMs && !isSlow) {
          isSlow = true;
          window = Math.max(LEAST_WINDOW, window / 2);
        }
        clearTimeout(quiet);
        quiet = setTimeout(() => free(aloft), Math.max(QUIET_MS, QUIET_ANSWERS * answerMs));
        free(ended);
      },
      end: () => {
        clearTimeout(quiet);
        free(aloft);
      },
    };
  };

  return {
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
