import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** When the tools of a matrix may start, and how often what broke is asked again. */
export interface Pace {
  /**
   * Resolves when an exec with so many tools may start. All execs of a round ask for their turn as the round begins. An
   * abort ends the wait; the exec then reports it.
   */
  turn(tools: number, signal?: AbortSignal): Promise<void>;
  /** Ends a round. Returns whether another one follows. */
  again(round: RoundEnd): boolean;
}

export interface RoundEnd {
  /** With more time the round might have seen more. */
  readonly hurried: boolean;
}

export interface PaceOptions {
  /** Time between the starts of two tools. Default: what a tool costs of this machine's processors. */
  readonly paceMs?: number | undefined;
  /** How many rounds follow one that was not hurried. */
  readonly retries: number;
  /** For tests. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** CPU time that one tool takes, together with the server that answers it; measured with `npm run bench -- live`. */
const TOOL_COST_MS = 6;
/** How often a hurried round is followed by a slower one, which does not count as a retry. */
const SLOWER_ROUNDS = 3;
const SLOWER_BY = 3;

/** The same pace for a whole round, and a third of it after a hurried one. */
export const createPace = ({ retries, wait = waitFor, ...options }: PaceOptions): Pace => {
  let paceMs = options.paceMs ?? TOOL_COST_MS / availableParallelism();
  let startMs = 0;
  let slowed = 0;
  let retried = 0;
  return {
    turn: (tools, signal) => {
      const ownStartMs = startMs;
      startMs += tools * paceMs;
      return wait(ownStartMs, signal);
    },
    again: ({ hurried }) => {
      startMs = 0;
      if (hurried && slowed < SLOWER_ROUNDS) {
        slowed += 1;
        paceMs *= SLOWER_BY;
        return true;
      }
      retried += 1;
      return retried <= retries;
    },
  };
};

const waitFor = (ms: number, signal?: AbortSignal): Promise<void> =>
  sleep(ms, undefined, signal && { signal }).catch(() => undefined);
