import { expect } from 'chai';
import { coalesce } from '../../../src/settle/coalesce.ts';

/** An action that ends when told to. */
const controlled = () => {
  const ends: ((end: { value?: number; error?: Error }) => void)[] = [];
  const action = () =>
    new Promise<number>((resolve, reject) =>
      ends.push(({ value, error }) => (error ? reject(error) : resolve(value ?? 0))),
    );
  return { ends, action };
};
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('coalesce', () => {
  it('runs at once when idle, and again when called again', async () => {
    const { ends, action } = controlled();
    const run = coalesce(action);
    const first = run();
    ends[0]?.({ value: 1 });
    expect(await first).to.equal(1);
    await tick();
    const second = run();
    expect(ends).to.have.length(2);
    ends[1]?.({ value: 2 });
    expect(await second).to.equal(2);
  });

  it('gives all who call meanwhile one run that begins after their call', async () => {
    const { ends, action } = controlled();
    const run = coalesce(action);
    const first = run();
    const others = [run(), run(), run()];
    expect(ends).to.have.length(1);
    ends[0]?.({ value: 1 });
    expect(await first).to.equal(1);
    await tick();
    expect(ends).to.have.length(2);
    const late = run();
    ends[1]?.({ value: 2 });
    expect(await Promise.all(others)).to.deep.equal([2, 2, 2]);
    await tick();
    ends[2]?.({ value: 3 });
    expect(await late).to.equal(3);
  });

  it('outlives a run that fails', async () => {
    const { ends, action } = controlled();
    const run = coalesce(action);
    const first = run().catch((error: Error) => error.message);
    const second = run();
    ends[0]?.({ error: new Error('late') });
    expect(await first).to.equal('late');
    await tick();
    ends[1]?.({ value: 2 });
    expect(await second).to.equal(2);
  });
});
