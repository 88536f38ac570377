/** A server that is away for longer does not come back: its node is gone, or the Engine under it. */
export const AWAY_MS = 20_000;

/** How long a server has been away, over all the requests of one client, so that they don't wait one after the other. */
export interface Outage {
  /** There was an answer, whatever it said. */
  answered(): void;
  /** There was none. Whether it is worth while to wait: not for a server that never answered, nor for one that is gone. */
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
