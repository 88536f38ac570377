import { expect } from 'chai';
import { allOrNone, allOrUndone } from '../../src/all-or-none.ts';
import { failureOf } from './failure-of.ts';

describe('allOrNone', () => {
  it('returns what all returned, in their order', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const all = allOrNone([promise, Promise.resolve('second')]);
    resolve('first');
    expect(await all).to.deep.equal(['first', 'second']);
  });

  it('fails with the first failure, once the others, which it stopped, have ended', async () => {
    const order: string[] = [];
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    const other = stopped.then(() => {
      order.push('the other ends');
      throw new Error('stopped');
    });
    const failure = await failureOf(
      allOrNone([other, Promise.reject(new Error('broken'))], () => {
        order.push('stop');
        stop();
      }),
    );
    order.push('failed');
    expect(failure.message).to.equal('broken');
    expect(order).to.deep.equal(['stop', 'the other ends', 'failed']);
  });
});

describe('allOrUndone', () => {
  it('fails with the first failure, once what the others came to is undone', async () => {
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<string>();
    const works = [promise, Promise.reject<string>(new Error('broken'))];
    const failing = failureOf(
      allOrUndone(works, async (value) => {
        order.push(`undo ${value}`);
      }),
    );
    resolve('one');
    expect((await failing).message).to.equal('broken');
    expect(order).to.deep.equal(['undo one']);
    expect(await allOrUndone([promise], () => Promise.reject(new Error('not undone')))).to.deep.equal(['one']);
  });
});
