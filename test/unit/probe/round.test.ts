import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { attemptAll } from '../../../src/probe/round.ts';
import type { Window } from '../../../src/probe/window.ts';
import { type Probe, probeKey } from '../../../src/scenario/index.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { endpoint, fakeTargets, OPEN, probe, service } from './fake-targets.ts';

const WEB = endpoint('prod/web', 0, [{ number: 80, protocol: 'TCP' }]);
const CLIENT = endpoint('dev/client', 1, []);

/** A window whose turns wait for `turn`; notes how many tools each exec has, and how its flight ends. */
const windowOf = (tools: number[], turn: Promise<void> = Promise.resolve(), ends: string[] = []): Window => ({
  turn: async (count) => {
    tools.push(count);
    await turn;
    return {
      report: ({ ended }) => void ends.push(`${ended} of ${count}`),
      end: () => void ends.push(`end of ${count}`),
    };
  },
  execSize: () => 160,
  narrow: () => undefined,
});

describe('attemptAll', () => {
  ownCacheHome();

  const optionsOf = (window: Window) => ({
    timeoutMs: 2_000,
    sure: new Set<Probe>(),
    window,
    ports: undefined,
    signal: undefined,
  });
  const targets = () => fakeTargets([WEB, CLIENT], () => OPEN);

  it('runs an exec for each 160 tools of a source, the first of each source before the second of any', async () => {
    const many = Array.from({ length: 81 }, (_, index) => probe('dev/client', 'prod/web', index + 1));
    const tools: number[] = [];
    const all = targets();
    const seen = await attemptAll(all, [...many, probe('prod/web', 'prod/web')], optionsOf(windowOf(tools)));
    expect(all.execs).to.deep.equal(['dev/client', 'prod/web', 'dev/client']);
    // TCP is tried by nc and by wget.
    expect(tools).to.deep.equal([160, 2, 2]);
    expect(seen.execs.map(({ probes }) => probes.length)).to.deep.equal([80, 1, 1]);
    for (const { startMs, endMs } of seen.execs) expect(endMs).to.be.above(startMs);
    expect([...seen.readings.keys()]).to.have.members([...many, probe('prod/web', 'prod/web')].map(probeKey));
    expect([...seen.readings.values()].flat().every(({ verdict }) => verdict === 'allowed')).to.equal(true);
  });

  it('counts the connections to a Service, each of which is a tool', async () => {
    const pods = ['prod/web-1', 'prod/web-2'].map((name, index) => endpoint(name, index + 2, []));
    const cells = Array.from({ length: 27 }, (_, index) => ({
      ...probe('dev/client', 'svc:prod/web'),
      port: index + 1,
    }));
    const [one] = service(['prod/web-1', 'prod/web-2']).translations.values();
    if (!one) return expect.fail('no translation');
    const translations = new Map(cells.map(({ port }) => [`${port}/TCP`, one]));
    const tools: number[] = [];
    const all = fakeTargets([CLIENT, ...pods, service([], { translations })], () => OPEN);
    await attemptAll(all, cells, optionsOf(windowOf(tools)));
    // Six connections each: 26 fit into 160.
    expect(tools).to.deep.equal([156, 6]);
    tools.length = 0;
    await attemptAll(all, cells.slice(0, 3), { ...optionsOf(windowOf(tools)), sure: new Set(cells) });
    expect(tools).to.deep.equal([72]);
  });

  it('tells the window what has landed, and that an exec is over, however it ends', async () => {
    const ends: string[] = [];
    await attemptAll(targets(), [probe('dev/client', 'prod/web')], optionsOf(windowOf([], undefined, ends)));
    expect(ends).to.deep.equal(['2 of 2', 'end of 2']);
    const broken = fakeTargets(
      [WEB, CLIENT],
      () => OPEN,
      () => Promise.reject(new Error('gone')),
    );
    await attemptAll(broken, [probe('dev/client', 'prod/web')], optionsOf(windowOf([], undefined, ends)));
    expect(ends.at(-1)).to.equal('end of 2');
  });

  it('asks for all turns as it begins, and starts nothing before its turn', async () => {
    const turn = Promise.withResolvers<void>();
    const tools: number[] = [];
    const all = targets();
    const cells = [probe('dev/client', 'prod/web'), probe('prod/web', 'prod/web')];
    const round = attemptAll(all, cells, optionsOf(windowOf(tools, turn.promise)));
    expect(tools).to.deep.equal([2, 2]);
    await setImmediate();
    expect(all.execs).to.deep.equal([]);
    turn.resolve();
    await round;
    expect(all.execs).to.have.length(2);
  });
});
