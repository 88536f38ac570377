/** A server that is away for longer does not come back: its node or the Engine below is gone. */
export const AWAY_MS = 20_000;

/**
 * How long a server has been away, over all the requests of one client, so that they don't wait one after the other.
 */
export interface Outage {
  /** There was an answer of any kind. */
  answered(): void;
  /** There was no answer. Returns whether waiting is worthwhile: not for a server that never answered or is gone. */
  isPassing(): boolean;
}

export const createOutage = (awayMs = AWAY_MS, now = () => performance.now()): Outage => {
  let hasAnswered = false;
  let sinceMs: number | undefined;
  return {
    answered: () => {
      hasAnswered = true;
      sinceMs = undefined;
    },
    isPassing: () => {
      sinceMs ??= now();
      return hasAnswered && now() - sinceMs < awayMs;
    },
  };
};
