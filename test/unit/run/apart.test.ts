import { expect } from 'chai';
import fc from 'fast-check';
import { type Claim, runApart } from '../../../src/run/apart.ts';
import { failureOf } from '../failure-of.ts';

const claim = (item: string, ...needs: readonly string[]): Claim<string> => ({ item, needs: new Set(needs) });

/** Runs them, each until `finish` is called for it, and tells what is at work. */
const started = (claims: readonly Claim<string>[], workers: number) => {
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const done = runApart(claims, workers, (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    ends.set(item, { resolve, reject });
    return promise.finally(() => ends.delete(item));
  });
  const settled = () => new Promise(setImmediate);
  return {
    done,
    atWork: () => [...ends.keys()],
    finish: async (item: string) => {
      ends.get(item)?.resolve();
      await settled();
    },
    fail: async (item: string, error: Error) => {
      ends.get(item)?.reject(error);
      await settled();
    },
  };
};

describe('runApart', () => {
  it('begins in order, as many as there are workers', async () => {
    const { done, atWork, finish } = started([claim('a'), claim('b'), claim('c')], 2);
    expect(atWork()).to.deep.equal(['a', 'b']);
    await finish('b');
    expect(atWork()).to.deep.equal(['a', 'c']);
    await finish('a');
    await finish('c');
    await done;
  });

  it('never has two at work that need the same, and lets others go first', async () => {
    const { done, atWork, finish } = started(
      [claim('a', '1', '2'), claim('b', '2', '3'), claim('c', '3'), claim('d')],
      3,
    );
    expect(atWork()).to.deep.equal(['a', 'c', 'd']);
    await finish('a');
    expect(atWork()).to.deep.equal(['c', 'd']);
    await finish('c');
    expect(atWork()).to.deep.equal(['d', 'b']);
    await finish('b');
    await finish('d');
    await done;
  });

  it('rejects with the first failure at once, and begins nothing more', async () => {
    const { done, atWork, fail, finish } = started([claim('a'), claim('b'), claim('c')], 2);
    const failure = failureOf(done);
    const broken = new Error('broken');
    await fail('b', broken);
    expect(await failure).to.equal(broken);
    expect(atWork()).to.deep.equal(['a']);
    await finish('a');
    expect(atWork()).to.deep.equal([]);
  });

  it('is done at once with nothing', async () => {
    await runApart([], 3, () => expect.fail('it began'));
  });

  it('does all of any claims with any number of workers, and never two of one need', async () => {
    const needs = fc.uniqueArray(fc.constantFrom('1', '2', '3'));
    const claims = fc.array(needs, { maxLength: 8 }).map((all) => all.map((own, index) => claim(`${index}`, ...own)));
    await fc.assert(
      fc.asyncProperty(claims, fc.integer({ min: 1, max: 4 }), fc.scheduler(), async (all, workers, scheduler) => {
        const atWork = new Set<Claim<string>>();
        const did: string[] = [];
        const done = runApart(
          all.map((item) => ({ item, needs: item.needs })),
          workers,
          async (item) => {
            for (const other of atWork) expect(other.needs.isDisjointFrom(item.needs)).to.equal(true);
            atWork.add(item);
            expect(atWork.size).to.be.at.most(workers);
            await scheduler.schedule(Promise.resolve());
            atWork.delete(item);
            did.push(item.item);
          },
        );
        await scheduler.waitFor(done);
        expect(did.toSorted()).to.deep.equal(all.map(({ item }) => item).toSorted());
      }),
    );
  });
});
