import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createPace, type Flight, type News, type Pace } from '../../../src/probe/pace.ts';

const TIMEOUT_MS = 1_500;
const pacing = (options: { readonly window?: number; readonly retries?: number } = {}): Pace =>
  createPace({ timeoutMs: TIMEOUT_MS, retries: 0, window: 100, ...options });

/** Asks for turns of so many tools each, and notes which have started. */
const asking = (pace: Pace) => {
  const flights: (Flight | undefined)[] = [];
  return {
    flights,
    ask: async (...tools: readonly number[]) => {
      for (const count of tools) {
        const index = flights.push(undefined) - 1;
        void pace.turn(count).then((flight) => {
          flights[index] = flight;
        });
      }
      await setImmediate();
    },
    started: async () => {
      await setImmediate();
      return flights.map((flight) => flight !== undefined);
    },
  };
};

/** The news of some that ended while others had not started. */
const ended = (count: number, slowestMs: number): News => ({ ended: count, slowestMs, allStarted: false });

describe('createPace', () => {
  it('starts as many tools as the window holds, in order', async () => {
    const { ask, started } = asking(pacing());
    await ask(60, 40, 30, 1);
    // The last would have room, but is not let past the one before it.
    expect(await started()).to.deep.equal([true, true, false, false]);
  });

  it('starts an exec that is larger than the window when nothing else flies', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(500, 1);
    expect(await started()).to.deep.equal([true, false]);
    flights[0]?.end();
    expect(await started()).to.deep.equal([true, true]);
  });

  it('gives the places of those that have ended to the next', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(100, 50);
    flights[0]?.report(ended(49, 100));
    expect(await started()).to.deep.equal([true, false]);
    flights[0]?.report(ended(1, 100));
    expect(await started()).to.deep.equal([true, true]);
  });

  it('gives the places of those that wait silently to the next, once all have started', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(100, 100);
    flights[0]?.report(ended(1, 10));
    expect(await started()).to.deep.equal([true, false]);
    flights[0]?.report({ ended: 0, slowestMs: 0, allStarted: true });
    expect(await started()).to.deep.equal([true, true]);
    // They are not counted a second time.
    flights[0]?.end();
    await ask(1);
    expect(await started()).to.deep.equal([true, true, false]);
  });

  it('halves the window when an answer takes a fifth of the timeout, once for each exec', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(100);
    flights[0]?.report(ended(1, TIMEOUT_MS / 5 + 1));
    flights[0]?.report(ended(1, TIMEOUT_MS / 5 + 1));
    flights[0]?.end();
    await ask(40, 10, 1);
    expect(await started()).to.deep.equal([true, true, true, false]);
  });

  it('widens a window that was narrowed while answers are quick and others wait', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(100);
    flights[0]?.report(ended(1, TIMEOUT_MS / 5 + 1));
    flights[0]?.end();
    // 50 are left. The second exec has room once 20 of the first have ended, and half as many were added.
    await ask(50, 40, 1);
    expect((await started()).slice(1)).to.deep.equal([true, false, false]);
    flights[1]?.report(ended(20, 10));
    expect((await started()).slice(1)).to.deep.equal([true, false, false]);
    flights[1]?.report(ended(20, 10));
    expect((await started()).slice(1)).to.deep.equal([true, true, true]);
  });

  it('widens no window beyond what it was at first', async () => {
    const { ask, flights, started } = asking(pacing());
    await ask(100, 100, 1);
    flights[0]?.report(ended(100, 10));
    expect(await started()).to.deep.equal([true, true, false]);
  });

  it('allows execs as large as the window, from 40 to 160 tools', () => {
    const sizes = [30, 90, 500].map((window) => pacing({ window }).execSize());
    expect(sizes).to.deep.equal([40, 90, 160]);
  });

  it('allows as many further rounds as there are retries', () => {
    const again = (retries: number) => {
      const pace = pacing({ retries });
      return [1, 2, 3].map(() => pace.again({ hurried: false }));
    };
    expect(again(0)).to.deep.equal([false, false, false]);
    expect(again(2)).to.deep.equal([true, true, false]);
  });

  it('gives three hurried rounds a third of the window each, and counts none of them as a retry', async () => {
    const pace = pacing({ window: 270, retries: 1 });
    for (const window of [90, 30]) {
      expect(pace.again({ hurried: true })).to.equal(true);
      const { ask, flights, started } = asking(pace);
      await ask(window, 1);
      expect(await started()).to.deep.equal([true, false]);
      flights[0]?.end();
      await setImmediate();
      flights[1]?.end();
    }
    expect(pace.again({ hurried: true })).to.equal(true);
    // From here on a hurried round is one like others.
    expect(pace.again({ hurried: true })).to.equal(true);
    expect(pace.again({ hurried: true })).to.equal(false);
  });

  it('stops waiting on an abort', async () => {
    const pace = pacing();
    await pace.turn(100);
    const interruption = new AbortController();
    const turn = pace.turn(100, interruption.signal);
    interruption.abort();
    await turn;
    await pace.turn(1, AbortSignal.abort());
  });
});
