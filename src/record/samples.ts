/** What became of a connection: null if it failed in itself, so nothing is known. */
export type Outcome = 'answered' | 'silent' | 'refused' | null;

/** One connection. */
export interface Sample {
  /** When it began. */
  readonly atMs: number;
  readonly outcome: Outcome;
}

export const isOpen = ({ outcome }: Sample): boolean => outcome === 'answered';

/** How many in a row prove a state. */
const PROOF = 3;

/** Whether the last connections that began after this time show the state. */
export const hasReached = (samples: readonly Sample[], open: boolean, afterMs: number): boolean => {
  const last = samples.slice(-2 * PROOF).filter(({ atMs, outcome }) => atMs > afterMs && outcome !== null);
  return last.length >= PROOF && last.slice(-PROOF).every((sample) => isOpen(sample) === open);
};

/** Whether some connection, of those that began after this time, shows a state, whichever it is. */
export const hasShown = (samples: readonly Sample[], afterMs = Number.NEGATIVE_INFINITY): boolean =>
  samples.some(({ atMs, outcome }) => atMs > afterMs && outcome !== null);

/**
 * Connections without those that prove nothing. A silent one between two that were answered is a lost packet: a policy
 * blocks more than one in a row. So is a silent one at the very end, after which nothing is known.
 */
export const sift = (all: readonly Sample[]) => {
  const known = all.filter(({ outcome }) => outcome !== null);
  const isAnswered = (sample: Sample | undefined): boolean => sample === undefined || isOpen(sample);
  const isLost = (sample: Sample, at: number): boolean =>
    sample.outcome === 'silent' && at > 0 && isAnswered(known[at - 1]) && isAnswered(known[at + 1]);
  const samples = known.filter((sample, at) => !isLost(sample, at));
  return { samples, lost: known.length - samples.length, broken: all.length - known.length };
};
