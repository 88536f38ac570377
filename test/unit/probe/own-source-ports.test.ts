import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { BLOCK_SIZE, BLOCKS, FIRST_PORT, PARTS, WINDOW_MS } from '../../../src/probe/source-ports.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from '../host/cache-home.ts';

const windowNow = () => Math.floor(Date.now() / WINDOW_MS);

describe('the source ports of this process', () => {
  const home = ownCacheHome();
  const { now } = Date;
  afterEach(() => {
    Date.now = now;
  });

  it('are claimed on this machine, go by its clock, and rest by one that nobody sets', async () => {
    // A module of its own, for other tests take from the one that all share.
    const file = '../../../src/probe/source-ports.ts?own';
    const { sourcePorts } = (await import(file)) as typeof import('../../../src/probe/source-ports.ts');
    Date.now = () => now() + WINDOW_MS * PARTS * 1_000;
    const [port = 0] = await sourcePorts.take(['10.0.0.1'], 1);
    const window = windowNow();
    const block = Math.floor((port - FIRST_PORT) / BLOCK_SIZE);
    expect(Math.floor(block / BLOCKS)).to.equal(window % PARTS);
    expect(await readdir(join(home(), 'podreach', 'source-ports'))).to.deep.equal([`${window}-${block % BLOCKS}`]);

    Date.now = () => now() + WINDOW_MS * PARTS * 1_001;
    const interruption = new AbortController();
    const work = failureOf(sourcePorts.take(['10.0.0.1'], 1, { signal: interruption.signal }));
    setTimeout(() => interruption.abort(), 10);
    expect((await work).message).to.contain('interrupted');
  });
});
