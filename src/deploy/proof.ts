import { timed } from '../stopwatch.ts';

/**
 * Runs the proof for the endpoints that no earlier one was about, if there are any. Returns how long it took, in ms: 0 if
 * none was needed.
 */
export type ProveOpen = (prove: (unproven: ReadonlySet<string>) => Promise<void>) => Promise<number>;

/** Which endpoints still have to be proven. */
export interface Proof {
  readonly proveOpen: ProveOpen;
  /** These are new, or others than before. */
  doubt(endpoints: Iterable<string>): void;
}

export const createProof = (endpoints: Iterable<string> = []): Proof => {
  const unproven = new Set(endpoints);
  return {
    doubt: (others) => {
      for (const endpoint of others) unproven.add(endpoint);
    },
    proveOpen: async (prove) => {
      if (unproven.size === 0) return 0;
      const asked = new Set(unproven);
      const { ms } = await timed(() => prove(asked));
      for (const endpoint of asked) unproven.delete(endpoint);
      return ms;
    },
  };
};
