import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { createPace } from '../../../src/probe/pace.ts';

/** A pace that notes for how long each exec waits, and waits for none. */
const pacing = (options: { readonly paceMs?: number; readonly retries?: number } = {}) => {
  const waits: number[] = [];
  const pace = createPace({ retries: 0, ...options, wait: async (ms) => void waits.push(ms) });
  /** The waits of one round of execs with so many tools. */
  const roundOf = async (...tools: readonly number[]): Promise<readonly number[]> => {
    waits.length = 0;
    await Promise.all(tools.map((one) => pace.turn(one)));
    return [...waits];
  };
  return { pace, roundOf };
};

describe('createPace', () => {
  it('lets each exec start when those before it have had the time of their tools', async () => {
    expect(await pacing({ paceMs: 10 }).roundOf(4, 1, 2)).to.deep.equal([0, 40, 50]);
  });

  it('takes from each tool its share of the processors if no pace is given', async () => {
    expect(await pacing().roundOf(20, 1)).to.deep.equal([0, (20 * 6) / availableParallelism()]);
  });

  it('allows as many further rounds as there are retries', () => {
    const again = (retries: number) => {
      const { pace } = pacing({ retries });
      return [1, 2, 3].map(() => pace.again({ hurried: false }));
    };
    expect(again(0)).to.deep.equal([false, false, false]);
    expect(again(2)).to.deep.equal([true, true, false]);
  });

  it('starts each round afresh, at the same pace', async () => {
    const { pace, roundOf } = pacing({ paceMs: 10, retries: 1 });
    await roundOf(1, 1);
    pace.again({ hurried: false });
    expect(await roundOf(2, 1)).to.deep.equal([0, 20]);
  });

  it('gives three hurried rounds thrice the time each, and counts none of them as a retry', async () => {
    const { pace, roundOf } = pacing({ paceMs: 1, retries: 1 });
    const secondMs = [];
    for (const _round of [1, 2, 3]) {
      expect(pace.again({ hurried: true })).to.equal(true);
      secondMs.push((await roundOf(1, 1)).at(-1));
    }
    expect(secondMs).to.deep.equal([3, 9, 27]);
    // From here on a hurried round is one like others.
    expect(pace.again({ hurried: true })).to.equal(true);
    expect((await roundOf(1, 1)).at(-1)).to.equal(27);
    expect(pace.again({ hurried: true })).to.equal(false);
  });

  it('stops waiting on an abort', async () => {
    const pace = createPace({ paceMs: 60_000, retries: 0 });
    await pace.turn(1);
    await pace.turn(1, AbortSignal.abort());
  });
});
