import { expect } from 'chai';
import { allOrNone } from '../../src/all-or-none.ts';
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
