import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { probeMatrix } from '../../../src/probe/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { type Behaviour, endpoint, fakeTargets, LATE, OPEN, probe, type Tamper, TIMED_OUT } from './fake-targets.ts';

const PODS = ['prod/web', 'prod/api', 'dev/client'].map((name, index) =>
  endpoint(name, index, [{ number: 80, protocol: 'TCP' }]),
);
const targets = (behave: Behaviour = () => OPEN, tamper?: Tamper) => fakeTargets(PODS, behave, tamper);
const MATRIX = PODS.flatMap((from) => PODS.map((to) => probe(from.endpoint, to.endpoint)));

describe('the pace of probeMatrix', () => {
  ownCacheHome();

  it('starts execs no faster than the pace allows, and bounds the size of a batch', async () => {
    const many = Array.from({ length: 100 }, (_, index) => probe('dev/client', 'prod/web', index + 1));
    let trials = 0;
    const all = targets(() => {
      trials += 1;
      return OPEN;
    });
    const startMs = performance.now();
    const observations = await probeMatrix(all, [...many, ...MATRIX], { paceMs: 1 });
    expect(observations.every(({ verdict }) => verdict === 'allowed')).to.equal(true);
    // 109 probes by two tools each: 40, 40 and 23 of dev/client, then three of each other pod.
    const dueMs = [0, 80, 160, 206, 212];
    expect(all.startsMs).to.have.length(dueMs.length);
    // A timer of Node may be 1 ms early.
    for (const [index, ms] of dueMs.entries()) expect(all.startsMs[index]).to.be.at.least(startMs + ms - 2);
    expect(all.execs.filter((from) => from === 'dev/client')).to.have.length(3);
    expect(trials).to.equal(2 * observations.length);
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
    const [open, blocked, heard] = await probeMatrix(busy, cells, { retries: 0, paceMs: 1 });
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
    const [starved, open] = await probeMatrix(starving, cells, { retries: 0, paceMs: 1 });
    expect(starved).to.include({ verdict: 'dropped', attempts: 3, flaky: false });
    expect(open).to.include({ verdict: 'allowed', attempts: 1 });
  });

  it('calls what stays starved an error', async () => {
    const starving = targets(() => ({ code: 143, ms: 4100 }));
    const [cell] = await probeMatrix(starving, [probe('prod/api', 'prod/web')], { retries: 0, paceMs: 1 });
    expect(cell).to.include({ verdict: 'error', attempts: 4 });
  });

  it('says that a machine was too busy if answers stay late, and calls their silence an error', async () => {
    const busy = targets(({ tool }) => (tool === 'udp' ? LATE : TIMED_OUT));
    const cells = [probe('dev/client', 'prod/web'), probe('dev/client', 'prod/api', 53, 'UDP')];
    // What is open beside it is not asked again, so that all the others were asked before nobody answered late.
    const [silent] = await probeMatrix(busy, cells, { retries: 0, paceMs: 1 });
    expect(silent).to.include({ verdict: 'dropped', attempts: 2 });
    const always = targets(({ tool, host }) => (tool === 'wget' && host === '10.0.0.1' ? LATE : TIMED_OUT));
    const [mixed] = await probeMatrix(always, [probe('dev/client', 'prod/web')], { retries: 0, paceMs: 1 });
    expect(mixed).to.include({ verdict: 'error', attempts: 4 });
    expect(mixed?.detail).to.contain(
      'nc: no answer after 2000 ms, but the machine was too busy to be sure (an answer took 1200 ms)',
    );
  });

  it('is a third of it on each further try', async () => {
    const starving = targets(() => ({ code: 143, ms: 4100 }));
    const cells = [probe('prod/api', 'prod/web'), probe('dev/client', 'prod/web')];
    const startMs = performance.now();
    await probeMatrix(starving, cells, { retries: 0, paceMs: 2 });
    expect(starving.startsMs).to.have.length(8);
    const lastMs = [startMs, ...starving.startsMs.filter((_, index) => index % 2 === 1)];
    // The second exec waits for the starts of two tools; a timer may be a little early.
    for (const [round, paceMs] of [2, 6, 18, 54].entries())
      expect((lastMs[round + 1] ?? 0) - (lastMs[round] ?? 0)).to.be.at.least(2 * paceMs - 2);
  });

  it('leaves each tool what it costs of the processors if none is given', async () => {
    const all = targets();
    const first = Array.from({ length: 10 }, (_, index) => probe('prod/api', 'prod/web', index + 1));
    const startMs = performance.now();
    await probeMatrix(all, [...first, probe('dev/client', 'prod/web')]);
    expect((all.startsMs[1] ?? 0) - startMs).to.be.at.least((20 * 6) / availableParallelism() - 2);
  });

  it('is waited for no longer after an abort', async () => {
    const interruption = new AbortController();
    const all = targets(undefined, (stdout) => {
      interruption.abort();
      return stdout;
    });
    const startMs = performance.now();
    await probeMatrix(all, MATRIX, { paceMs: 2_000, signal: interruption.signal });
    // Every exec is told that it is aborted; with six tools each, the last would have begun after 24 s.
    expect(all.execs).to.have.length(3);
    expect(performance.now() - startMs).to.be.below(10_000);
  });
});
