/** Translates the clock of a recorder into podreach's (`performance.now()`), by questions that it answered. */
export interface Clock {
  /** A question left and its answer came at these times of podreach; between them the recorder read its clock. */
  note(sentMs: number, receivedMs: number, readMs: number): void;
  /** How many answers there are. */
  readonly answers: number;
  toOwn(readMs: number): number;
  /** How far `toOwn` may be wrong. */
  readonly errorMs: number;
}

export const createClock = (): Clock => {
  // Each answer bounds the difference between the clocks from both sides, and all bounds hold.
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  let answers = 0;
  return {
    note: (sentMs, receivedMs, readMs) => {
      least = Math.max(least, sentMs - readMs);
      most = Math.min(most, receivedMs - readMs);
      answers += 1;
    },
    get answers() {
      return answers;
    },
    toOwn: (readMs) => readMs + (least + most) / 2,
    get errorMs() {
      return Math.max(0, (most - least) / 2);
    },
  };
};
