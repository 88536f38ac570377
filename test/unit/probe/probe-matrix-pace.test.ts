import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createWindow, probeMatrix } from '../../../src/probe/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { type Behaviour, endpoint, fakeTargets, LATE, OPEN, probe, type Tamper, TIMED_OUT } from './fake-targets.ts';

const PODS = ['prod/web', 'prod/api', 'dev/client'].map((name, index) =>
  endpoint(name, index, [{ number: 80, protocol: 'TCP' }]),
);
const targets = (behave: Behaviour = () => OPEN, tamper?: Tamper) => fakeTargets(PODS, behave, tamper);
const MATRIX = PODS.flatMap((from) => PODS.map((to) => probe(from.endpoint, to.endpoint)));

describe('the pace of probeMatrix', () => {
  ownCacheHome();

  it('starts no exec that has no room in the window, and bounds the size of a batch', async () => {
    const many = Array.from({ length: 200 }, (_, index) => probe('dev/client', 'prod/web', index + 1));
    let running = 0;
    let most = 0;
    const all = targets(
      () => OPEN,
      async (stdout) => {
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
        return stdout as never;
      },
    );
    const observations = await probeMatrix(all, [...many, ...MATRIX], {
      window: createWindow({ timeoutMs: 2_000, most: 160 }),
    });
    expect(observations.every(({ verdict }) => verdict === 'allowed')).to.equal(true);
    // 209 probes by two tools each: 80, 80 and 43 of dev/client, then three of each other pod.
    expect(all.execs.filter((from) => from === 'dev/client')).to.have.length(3);
    expect(all.execs).to.have.length(5);
    // The three small ones fit beside each other, and no two large ones.
    expect(most).to.be.within(1, 3);
  });

  it('takes silence for no verdict while answers come late, and asks again more slowly', async () => {
    const busy = targets((asked, from, attempt) => {
      if (attempt === 1) return asked.tool === 'udp' ? LATE : TIMED_OUT;
      return from === 'prod/api' ? TIMED_OUT : OPEN;
    });
    const cells = [
      probe('dev/client', 'prod/web'),
      probe('prod/api', 'prod/web'),
      probe('dev/client', 'prod/api', 53, 'UDP'),
    ];
    const [open, blocked, heard] = await probeMatrix(busy, cells, { retries: 0 });
    expect(heard).to.include({ verdict: 'allowed', attempts: 1 });
    expect(open).to.include({ verdict: 'allowed', attempts: 2 });
    expect(blocked).to.include({ verdict: 'dropped', attempts: 2, flaky: false });
  });

  it('gives what was starved more time, retries or not, and touches nothing else', async () => {
    const STARVED = { code: 143, ms: 4100 };
    const starving = targets((_asked, from, attempt) =>
      from === 'prod/api' && attempt < 3 ? STARVED : from === 'dev/client' ? OPEN : TIMED_OUT,
    );
    const cells = [probe('prod/api', 'prod/web'), probe('dev/client', 'prod/web')];
    const [starved, open] = await probeMatrix(starving, cells, { retries: 0 });
    expect(starved).to.include({ verdict: 'dropped', attempts: 3, flaky: false });
    expect(open).to.include({ verdict: 'allowed', attempts: 1 });
  });

  it('calls what stays starved an error', async () => {
    const starving = targets(() => ({ code: 143, ms: 4100 }));
    const [cell] = await probeMatrix(starving, [probe('prod/api', 'prod/web')], { retries: 0 });
    expect(cell).to.include({ verdict: 'error', attempts: 7 });
  });

  it('says that a machine was too busy if answers stay late, and calls their silence an error', async () => {
    const busy = targets(({ tool }) => (tool === 'udp' ? LATE : TIMED_OUT));
    const cells = [probe('dev/client', 'prod/web'), probe('dev/client', 'prod/api', 53, 'UDP')];
    // What is open beside it is not asked again, so that all the others were asked before nobody answered late.
    const [silent] = await probeMatrix(busy, cells, { retries: 0 });
    expect(silent).to.include({ verdict: 'dropped', attempts: 2 });
    const always = targets(({ tool, host }) => (tool === 'wget' && host === '10.0.0.1' ? LATE : TIMED_OUT));
    const [mixed] = await probeMatrix(always, [probe('dev/client', 'prod/web')], { retries: 0 });
    expect(mixed).to.include({ verdict: 'error', attempts: 7 });
    expect(mixed?.detail).to.contain(
      'nc: no answer after 2000 ms, but the machine was too busy to be sure (an answer took 1200 ms)',
    );
  });

  it('is waited for no longer after an abort', async () => {
    const interruption = new AbortController();
    const all = targets(undefined, (stdout) => {
      interruption.abort();
      return stdout;
    });
    const startMs = performance.now();
    await probeMatrix(all, MATRIX, {
      window: createWindow({ timeoutMs: 2_000, most: 1 }),
      signal: interruption.signal,
    });
    // Every exec is told that it is aborted.
    expect(all.execs).to.have.length(3);
    expect(performance.now() - startMs).to.be.below(10_000);
  });
});
