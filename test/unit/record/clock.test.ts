import { expect } from 'chai';
import { createClock } from '../../../src/record/clock.ts';

describe('the clock of a recorder', () => {
  it('is right within half of the quickest answer, whichever way that was slow', () => {
    const clock = createClock();
    // It is 1,000 ms behind. The first answer is slow on its way there, the second on its way back.
    clock.note(5_000, 5_030, 4_028);
    clock.note(6_000, 6_040, 5_003);
    expect(clock.answers).to.equal(2);
    // From the first: 972 to 1,002; from the second: 997 to 1,037.
    expect(clock.toOwn(0)).to.equal(999.5);
    expect(clock.errorMs).to.equal(2.5);
  });
});
