import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { alongside } from '../../../src/cluster/alongside.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';

describe('alongside', () => {
  skipPauses();

  /** Work that fails so many times first; `times` says how often it was tried. */
  const failing = (failures: number) => {
    const work = async (): Promise<void> => {
      work.times += 1;
      if (work.times <= failures) throw new Error(`failure ${work.times}`);
    };
    work.times = 0;
    return work;
  };

  it('does the work before the creation is over, trying again until it can be done', async () => {
    const creation = Promise.withResolvers<void>();
    const work = failing(2);
    const both = alongside(creation.promise, work);
    while (work.times < 3) await setImmediate();
    creation.resolve();
    await both;
    expect(work.times).to.equal(3);
  });

  it('is not done before the creation is', async () => {
    const creation = Promise.withResolvers<void>();
    let isDone = false;
    const both = alongside(creation.promise, async () => {}).then(() => {
      isDone = true;
    });
    await setImmediate();
    expect(isDone).to.equal(false);
    creation.resolve();
    await both;
  });

  it('fails as the work does that begins after the creation', async () => {
    const work = failing(Number.POSITIVE_INFINITY);
    const failure = await failureOf(alongside(Promise.resolve(), work));
    expect(failure.message).to.equal('failure 2');
  });

  it('fails as the creation does, and tries no more', async () => {
    const work = failing(Number.POSITIVE_INFINITY);
    const failure = await failureOf(alongside(Promise.reject(new Error('no node')), work));
    expect(failure.message).to.equal('no node');
    const { times } = work;
    for (let pauses = 0; pauses < 3; pauses += 1) await sleep(300);
    expect(work.times).to.equal(times);
  });
});
