import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** What waits for longer is a deadline rather than a pause. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * Lets pauses of the code under test pass at once, in each test of the suite, by moving the clock that it reads
 * (`performance.now`) on to their end. Nothing else moves it, so a busy machine is no slower. Deadlines take the time that
 * they take. Not for suites that start programs by execa, which waits in the same way.
 */
export const skipPauses = (): void => {
  const { setTimeout: sleep } = timers;
  const { now } = performance;

  beforeEach(() => {
    let nowMs = now.call(performance);
    performance.now = () => nowMs;
    const pause: typeof sleep = async (ms = 0, value, options) => {
      const endMs = nowMs + ms;
      await sleep(ms > LONGEST_PAUSE_MS ? ms : 0, undefined, options);
      nowMs = Math.max(nowMs, endMs);
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
