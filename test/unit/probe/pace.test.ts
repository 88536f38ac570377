import { expect } from 'chai';
import { createPace } from '../../../src/probe/pace.ts';

/** A window that only notes how it is narrowed. */
const narrowed = () => {
  const by: number[] = [];
  const window = {
    execSize: () => 160,
    turn: async () => ({ report: () => undefined, end: () => undefined }),
    narrow: (part: number) => void by.push(part),
  };
  return { window, by };
};

describe('createPace', () => {
  it('allows as many further rounds as there are retries', () => {
    const rounds = (retries: number) => {
      const again = createPace({ ...narrowed(), retries });
      return [1, 2, 3].map(() => again({ hurried: false }));
    };
    expect(rounds(0)).to.deep.equal([false, false, false]);
    expect(rounds(2)).to.deep.equal([true, true, false]);
  });

  it('gives six hurried rounds a third of the window each, and counts none of them as a retry', () => {
    const { window, by } = narrowed();
    const again = createPace({ window, retries: 1 });
    const rounds = Array.from({ length: 6 }, () => again({ hurried: true }));
    expect(rounds).to.deep.equal(Array(6).fill(true));
    expect(by).to.deep.equal(Array(6).fill(3));
    // From here on a hurried round is one like others.
    expect([1, 2].map(() => again({ hurried: true }))).to.deep.equal([true, false]);
    expect(by).to.have.length(6);
  });
});
