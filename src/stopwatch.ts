/** Whole milliseconds since a reading of `performance.now()`. */
export const elapsed = (sinceMs: number): number => Math.round(performance.now() - sinceMs);

/** Runs the work and returns how long it took. */
export const timed = async <T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> => {
  const startMs = performance.now();
  const value = await work();
  return { value, ms: elapsed(startMs) };
};

/** `340 ms`, `1.2 s`, `3 min 5 s`. */
export const durationText = (milliseconds: number): string => {
  const ms = Math.round(milliseconds);
  if (ms < 1000) return `${ms} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
