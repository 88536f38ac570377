import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createWindow, type Flight, type News, type Window } from '../../../src/probe/window.ts';

const TIMEOUT_MS = 1_500;
const windowOf = (most = 100): Window => createWindow({ timeoutMs: TIMEOUT_MS, most });

/** Asks for turns of so many tools each, and notes which have started. */
const asking = (window: Window) => {
  const flights: (Flight | undefined)[] = [];
  return {
    flights,
    ask: async (...tools: readonly number[]) => {
      for (const count of tools) {
        const index = flights.push(undefined) - 1;
        void window.turn(count).then((flight) => {
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

describe('createWindow', () => {
  it('starts as many tools as the window holds, in order', async () => {
    const { ask, started } = asking(windowOf());
    await ask(60, 40, 30, 1);
    // The last would have room, but is not let past the one before it.
    expect(await started()).to.deep.equal([true, true, false, false]);
  });

  it('starts an exec that is larger than the window when nothing else flies', async () => {
    const { ask, flights, started } = asking(windowOf());
    await ask(500, 1);
    expect(await started()).to.deep.equal([true, false]);
    flights[0]?.end();
    expect(await started()).to.deep.equal([true, true]);
  });

  it('gives the places of those that have ended to the next', async () => {
    const { ask, flights, started } = asking(windowOf());
    await ask(100, 50);
    flights[0]?.report(ended(49, 100));
    expect(await started()).to.deep.equal([true, false]);
    flights[0]?.report(ended(1, 100));
    expect(await started()).to.deep.equal([true, true]);
  });

  it('gives the places of those that wait silently to the next, once all have started', async () => {
    const { ask, flights, started } = asking(windowOf());
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
    const { ask, flights, started } = asking(windowOf());
    await ask(100);
    flights[0]?.report(ended(1, TIMEOUT_MS / 5 + 1));
    flights[0]?.report(ended(1, TIMEOUT_MS / 5 + 1));
    flights[0]?.end();
    await ask(40, 10, 1);
    expect(await started()).to.deep.equal([true, true, true, false]);
  });

  it('widens a window that was narrowed while answers are quick and others wait', async () => {
    const { ask, flights, started } = asking(windowOf());
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
    const { ask, flights, started } = asking(windowOf());
    await ask(100, 100, 1);
    flights[0]?.report(ended(100, 10));
    expect(await started()).to.deep.equal([true, true, false]);
  });

  it('allows execs as large as the window, from 40 to 160 tools', () => {
    const sizes = [30, 90, 500].map((most) => windowOf(most).execSize());
    expect(sizes).to.deep.equal([40, 90, 160]);
  });

  it('is narrowed when a matrix asks for it, but keeps 16 places', async () => {
    for (const [by, left] of [
      [2, 50],
      [10, 16],
    ] as const) {
      const window = windowOf();
      window.narrow(by);
      const { ask, started } = asking(window);
      await ask(left, 1);
      expect(await started()).to.deep.equal([true, false]);
    }
  });

  it('stops waiting on an abort', async () => {
    const window = windowOf();
    await window.turn(100);
    const interruption = new AbortController();
    const turn = window.turn(100, interruption.signal);
    interruption.abort();
    await turn;
    await window.turn(1, AbortSignal.abort());
  });
});
