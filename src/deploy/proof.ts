import { timed } from '../stopwatch.ts';

/** Runs the proof unless an earlier one succeeded. Returns how long it took, in ms: 0 if none was needed. */
export type ProveOnce = (prove: () => Promise<void>) => Promise<number>;

export const provenOnce = (): ProveOnce => {
  let proven = false;
  return async (prove) => {
    if (proven) return 0;
    const { ms } = await timed(prove);
    proven = true;
    return ms;
  };
};
