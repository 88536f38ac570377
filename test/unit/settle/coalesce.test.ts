import { expect } from 'chai';
import { coalesce } from '../../../src/settle/coalesce.ts';

/** An action that ends when told to. */
const controlled = () => {
  const given: (readonly string[])[] = [];
  const ends: ((end: { value?: number; error?: Error }) => void)[] = [];
  const action = (calls: readonly string[]) =>
    new Promise<number>((resolve, reject) => {
      given.push([...calls]);
      ends.push(({ value, error }) => (error ? reject(error) : resolve(value ?? 0)));
    });
  return { given, ends, action };
};
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('coalesce', () => {
  it('runs at once when idle, and again when called again', async () => {
    const { ends, action, given } = controlled();
    const run = coalesce(action);
    const first = run('a');
    ends[0]?.({ value: 1 });
    expect(await first).to.equal(1);
    await tick();
    const second = run('b');
    expect(given).to.deep.equal([['a'], ['b']]);
    ends[1]?.({ value: 2 });
    expect(await second).to.equal(2);
  });

  it('gives all who call meanwhile one run that begins after their call, with all that they asked', async () => {
    const { ends, action, given } = controlled();
    const run = coalesce(action);
    const first = run('a');
    const others = [run('b'), run('c'), run('d')];
    expect(given).to.deep.equal([['a']]);
    ends[0]?.({ value: 1 });
    expect(await first).to.equal(1);
    await tick();
    expect(given).to.deep.equal([['a'], ['b', 'c', 'd']]);
    const late = run('e');
    ends[1]?.({ value: 2 });
    expect(await Promise.all(others)).to.deep.equal([2, 2, 2]);
    await tick();
    ends[2]?.({ value: 3 });
    expect(await late).to.equal(3);
    expect(given.at(-1)).to.deep.equal(['e']);
  });

  it('outlives a run that fails', async () => {
    const { ends, action } = controlled();
    const run = coalesce(action);
    const first = run('a').catch((error: Error) => error.message);
    const second = run('b');
    ends[0]?.({ error: new Error('late') });
    expect(await first).to.equal('late');
    await tick();
    ends[1]?.({ value: 2 });
    expect(await second).to.equal(2);
  });
});
