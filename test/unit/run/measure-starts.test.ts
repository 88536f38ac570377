import { expect } from 'chai';
import fc from 'fast-check';
import type { Copies, Copy, Deployment, PodEndpoint } from '../../../src/deploy/index.ts';
import { type StartedCell, startStatus } from '../../../src/record/index.ts';
import { situationOf } from '../../../src/run/addresses.ts';
import { measureStarts } from '../../../src/run/measure-starts.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Topology, WantedStarts } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { fakeRecorder } from '../record/fake-recorder.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeDeployment, fakeStage, policyOf, scenarioOf } from './fake-stage.ts';

const TCP_80 = [{ number: 80, protocol: 'TCP' as const }];
const pod = (name: string, app: string) => {
  return { endpoint: `prod/${name}`, namespace: 'prod', name, labels: { app }, ports: TCP_80 };
};
const TOPOLOGY: Topology = {
  ...{ hosts: [], nodes: [], services: [] },
  namespaces: [{ name: 'prod', labels: {}, pods: [pod('web', 'web'), pod('db', 'db'), pod('late', 'late')] }],
};
/** late and web reach each other; db reaches late, and nothing else is let through. */
const POLICIES = [
  policyOf('web', {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'late' } } }] }],
  }),
  policyOf('db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [] }),
  policyOf('late', {
    podSelector: { matchLabels: { app: 'late' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'db' } } }] }],
  }),
];
const WANTED: WantedStarts = { pods: ['prod/late'], count: 2, openAtMostMs: 0, closedAtMostMs: 200 };
const OPTIONS = { signal: new AbortController().signal, settleTimeoutMs: 900 };

/** When cells of a pod that started are enforced, in ms after its start; never if undefined. */
interface Behaviour {
  /** Its server answers from then on. */
  readonly servesMs: number;
  /** From it to web, which policies allow, and to db, which they deny. */
  readonly web: number;
  readonly db: number;
  /** To it from db, which is allowed, and from web, which is not. */
  readonly fromDb: number;
  readonly fromWeb: number;
  /** The time after its start in which nothing is known. */
  readonly blindMs?: number;
  /** What the CNI does not say early. */
  readonly late?: true;
}
const AT_ONCE: Behaviour = { servesMs: 0, web: 0, db: 0, fromDb: 0, fromWeb: 0 };

/** Pods that behave so, each start a little differently if told to. */
const deploymentOf = (behave: (start: number) => Behaviour) => {
  const starts = new Map<string, { readonly startMs: number; readonly number: number; readonly copy: Copy }>();
  const left = new Set<string>();
  const running: { readonly running: () => number }[] = [];
  const hosts: string[] = [];
  const base = fakeDeployment(TOPOLOGY);
  const [webHost = '', dbHost = ''] = ['prod/web', 'prod/db'].map((name) => base.endpoints.get(name)?.addresses[0]);
  const hostOf = (number: number): string => `10.9.0.${number}`;
  const isOpenFrom = (from: string) => (target: string, atMs: number) => {
    const [host = ''] = target.split(',');
    const start = starts.get(host);
    if (!start) return false;
    const sinceMs = atMs - start.startMs;
    const { servesMs, fromDb, fromWeb } = behave(start.number);
    if (sinceMs < servesMs) return false;
    return from === 'prod/db' ? sinceMs >= fromDb : sinceMs < fromWeb;
  };
  const copies: Copies = {
    hostnames: ['n1', 'n2'],
    start: async (all, { onAddresses }) =>
      all.map((copy): PodEndpoint => {
        const number = starts.size + 1;
        starts.set(hostOf(number), { startMs: performance.now(), number, copy });
        left.add(copy.name);
        hosts.push(copy.hostname);
        onAddresses(copy, [hostOf(number)], behave(number).late === undefined);
        const { namespace } = copy.pod;
        return {
          ...endpoint(`${namespace}/${copy.name}`, number, TCP_80),
          node: copy.hostname,
          addresses: [hostOf(number)],
        };
      }),
    source: ({ endpoint: name, addresses: [host = ''] }) => {
      const { startMs, number, copy } = starts.get(host) ?? { startMs: 0, number: 0 };
      const [tick = '', , , ...targets] = copy?.recorder ?? [];
      const { servesMs, web, db, blindMs = 0 } = behave(number);
      const isOpen = (target: string, atMs: number) => {
        const sinceMs = atMs - startMs;
        if (sinceMs < blindMs) return null;
        if (target.startsWith(`${host},`)) return sinceMs >= servesMs;
        return target.startsWith(`${webHost},`) ? sinceMs >= web : target.startsWith(`${dbHost},`) && sinceMs < db;
      };
      const own = { startMs, tickMs: Number(tick), targets: [...targets, `${host},80`] };
      const source = fakeRecorder(name, { isOpen, own });
      running.push(source);
      return source;
    },
    remove: async (all) => {
      for (const { name } of all) left.delete(name);
    },
    untilGone: async () => undefined,
  };
  const deployment: Deployment = {
    ...base,
    topology: TOPOLOGY,
    endpoints: base.endpoints,
    copies,
    source: (name) => {
      const source = fakeRecorder(name, { isOpen: isOpenFrom(name) });
      running.push(source);
      const prober = base.source(name);
      return { ...source, exec: (argv, how) => (argv[2]?.includes('armed') ? source : prober).exec(argv, how) };
    },
  };
  return {
    deployment,
    left,
    hosts,
    count: () => starts.size,
    isIdle: () => running.every((one) => one.running() === 0),
  };
};

const measure = async (behave: (start: number) => Behaviour, wanted: Partial<WantedStarts> = {}) => {
  const made = deploymentOf(behave);
  const situation = { ...situationOf(made.deployment), policies: POLICIES };
  const starts = await measureStarts(made.deployment, situation, { ...WANTED, ...wanted }, OPTIONS);
  expect([made.isIdle(), made.left.size]).to.deep.equal([true, 0]);
  return { ...made, starts };
};

const windows = (cells: readonly StartedCell[], from: string, to: string) =>
  cells.filter((cell) => cell.from === from && cell.to === to).map(({ window, windowMs }) => `${window} ${windowMs}`);

describe('pods that start', () => {
  skipPauses();

  it('are never open to what is denied and never closed to what is allowed if they are enforced from the start', async () => {
    const { starts, hosts } = await measure(() => AT_ONCE);
    expect(windows(starts.cells, 'prod/late', 'prod/web')).to.deep.equal(['closed 0', 'closed 0']);
    expect(windows(starts.cells, 'prod/late', 'prod/db')).to.deep.equal(['open 0', 'open 0']);
    expect(windows(starts.cells, 'prod/db', 'prod/late')).to.deep.equal(['closed 0', 'closed 0']);
    expect(windows(starts.cells, 'prod/web', 'prod/late')).to.deep.equal(['open 0', 'open 0']);
    expect(starts).to.deep.include({ atOnce: 2, repeated: 0, unwatched: 0, openAtMostMs: 0, closedAtMostMs: 200 });
    expect(starts.starts).to.deep.equal([
      { pod: 'prod/late', node: 'n1' },
      { pod: 'prod/late', node: 'n2' },
    ]);
    expect(hosts).to.deep.equal(['n1', 'n2']);
  });

  it('are open and closed for as long as they are, to one tick, whatever takes longer', async () => {
    const ms = fc.integer({ min: 0, max: 400 });
    await fc.assert(
      fc.asyncProperty(ms, ms, ms, ms, async (servesMs, web, db, fromDb) => {
        // From web it is open for a while from when the server answers.
        const behaviour = { servesMs, web, db, fromDb, fromWeb: servesMs + 100 };
        const { starts } = await measure(() => behaviour, { count: 1 });
        const windowOf = (from: string, to: string) =>
          starts.cells.find((cell) => cell.from === from && cell.to === to)?.windowMs ?? Number.NaN;
        const slackMs = starts.tickMs + 2 * starts.clockErrorMs + 1;
        expect(windowOf('prod/late', 'prod/web')).to.be.within(0, web + slackMs);
        expect(windowOf('prod/late', 'prod/web')).to.be.at.least(web > slackMs ? web - slackMs : 0);
        expect(windowOf('prod/late', 'prod/db')).to.be.within(db > slackMs ? db - slackMs : 0, db + slackMs);
        // Counted from when the server answers.
        const closedMs = Math.max(0, fromDb - servesMs);
        expect(windowOf('prod/db', 'prod/late')).to.be.within(
          closedMs > 2 * slackMs ? closedMs - 2 * slackMs : 0,
          closedMs + slackMs,
        );
        expect(windowOf('prod/web', 'prod/late')).to.be.within(servesMs + 100 - slackMs, servesMs + 100 + slackMs);
      }),
      { numRuns: 8 },
    );
  });

  it('that stay open, or closed, are looked at until the deadline, and their windows are not known', async () => {
    const { starts } = await measure(() => ({ ...AT_ONCE, db: 1e6, fromDb: 1e6 }), { count: 1 });
    const unknown = starts.cells.filter(({ windowMs }) => windowMs === null);
    expect(unknown.map(({ from, to, window }) => `${from} ${to} ${window}`)).to.have.members([
      'prod/late prod/db open',
      'prod/db prod/late closed',
    ]);
    for (const { wrong } of unknown) expect((wrong + 1) * starts.tickMs).to.be.at.least(900);
  });

  it('are repeated if too little is known of one, by another pod, but not for ever', async () => {
    const { starts, count } = await measure((number) => ({ ...AT_ONCE, blindMs: number === 1 ? 1_100 : 0 }));
    expect([count(), starts.repeated, starts.starts.length]).to.deep.equal([3, 1, 2]);
    expect(starts.cells.every(({ blindMs }) => blindMs < 100)).to.equal(true);
    const never = await measure(() => ({ ...AT_ONCE, blindMs: 1_100 }), { count: 1 });
    expect([never.count(), never.starts.repeated]).to.deep.equal([3, 2]);
    expect(startStatus(never.starts)).to.equal('error');
  });

  it('are not reached from the start where the CNI does not say their addresses by then, which is said', async () => {
    const { starts } = await measure(() => ({ ...AT_ONCE, late: true }), { count: 1 });
    expect(starts.cells.map(({ from }) => from)).to.deep.equal(['prod/late', 'prod/late']);
    expect(starts.unwatched).to.equal(2);
  });

  it('prove nothing if their server never answers them', async () => {
    const { starts } = await measure(() => ({ ...AT_ONCE, servesMs: 1e6 }), { count: 1 });
    const cell = starts.cells.find(({ from }) => from === 'prod/db');
    expect(cell).to.deep.include({ windowMs: null, samples: 0 });
  });

  it('without a TCP cell are an error', async () => {
    const made = deploymentOf(() => AT_ONCE);
    const situation = { ...situationOf(made.deployment), policies: POLICIES };
    const failed = measureStarts(made.deployment, situation, { pods: ['prod/none'], count: 1 }, OPTIONS);
    expect((await failureOf(failed)).message).to.match(/^nothing can be measured when prod\/none starts/);
  });

  it('fail their step, or break it, and say how long that took', async () => {
    const run = async (behaviour: Behaviour) => {
      const step = { topology: TOPOLOGY, policies: POLICIES, expected: 'model', starts: WANTED } as const;
      const { deployment } = deploymentOf(() => behaviour);
      const stage = fakeStage({ settleTimeoutMs: OPTIONS.settleTimeoutMs });
      const { status, steps } = await runScenario(scenarioOf('x', [step], TOPOLOGY), deployment, stage);
      expect(steps[0]?.timings).to.have.property('startsMs');
      expect(steps[0]?.cells.every((cell) => cell.status === 'match' || cell.status === 'self')).to.equal(true);
      return status;
    };
    expect(await run(AT_ONCE)).to.equal('pass');
    expect(await run({ ...AT_ONCE, db: 300 })).to.equal('fail');
    expect(await run({ ...AT_ONCE, blindMs: 1_100 })).to.equal('error');
  });
});
