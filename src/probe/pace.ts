import type { Window } from './window.ts';

export interface RoundEnd {
  /** With more time the round might have seen more. */
  readonly hurried: boolean;
}

export interface PaceOptions {
  readonly window: Window;
  /** How many rounds follow one that was not hurried. */
  readonly retries: number;
}

/**
 * How often a hurried round is followed by a slower one, which does not count as a retry: until other work on the machine
 * is over, if it does not take too long.
 */
const SLOWER_ROUNDS = 6;
const SLOWER_BY = 3;

/**
 * How often what broke in a matrix is asked again. The function returned ends a round and returns whether another one
 * follows.
 */
export const createPace = ({ window, retries }: PaceOptions): ((round: RoundEnd) => boolean) => {
  let slowed = 0;
  let retried = 0;
  return ({ hurried }) => {
    if (hurried && slowed < SLOWER_ROUNDS) {
      slowed += 1;
      window.narrow(SLOWER_BY);
      return true;
    }
    retried += 1;
    return retried <= retries;
  };
};
