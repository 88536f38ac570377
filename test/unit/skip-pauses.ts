import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** What waits for longer is a deadline rather than a pause. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Lets pauses of the code under test pass at once, in each test of the suite, by moving the clock that it reads
 * (`performance.now`) on to their end. Deadlines, programs and connections take the time that they take. Not for suites
 * that start programs by execa, which waits in the same way.
 */
export const skipPauses = (): void => {
  const { setTimeout: sleep } = timers;
  const { now } = performance;

  beforeEach(() => {
    let skippedMs = 0;
    performance.now = () => now.call(performance) + skippedMs;
    const pause: typeof sleep = async (ms = 0, value, options) => {
      if (ms > LONGEST_PAUSE_MS) return sleep(ms, value, options);
      const endMs = performance.now() + ms;
      await sleep(0, undefined, options);
      skippedMs += Math.max(0, endMs - performance.now());
      return value as never;
    };
    timers.setTimeout = pause;
    syncBuiltinESMExports();
  });

  afterEach(() => {
    performance.now = now;
    timers.setTimeout = sleep;
    syncBuiltinESMExports();
  });
};
