import { expect } from 'chai';
import type { Deployment } from '../../../src/deploy/index.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Established, Family, Topology } from '../../../src/scenario/index.ts';
import { skipPauses } from '../skip-pauses.ts';
import { type FakeStreamOptions, fakeStream } from '../streams/fake-stream.ts';
import { fakeDeployment, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const CONNECTION = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' } as const;
const followed = (expected: Established['expected'], more: Partial<Established> = {}) => ({
  established: [{ ...CONNECTION, expected, forMs: 2_000, ...more }],
});

/** Pods whose connections from prod/client flow or not, by whether a policy is in force. */
const pods = (
  flowsUnder: (isDenied: boolean) => boolean,
  server: FakeStreamOptions = {},
  families: readonly Family[] = ['IPv4'],
  stallsAt: readonly number[] = [],
) => {
  const deployment = fakeDeployment(undefined, undefined, families);
  let isDenied = false;
  const applied: number[] = [];
  /** For 1.5 s, soon after the policies were applied for so many times. */
  const stalls = (atMs: number): boolean =>
    stallsAt.some((times) => atMs > (applied[times - 1] ?? atMs) + 200 && atMs < (applied[times - 1] ?? atMs) + 1_700);
  const streams: ReturnType<typeof fakeStream>[] = [];
  const applyPolicies: Deployment['applyPolicies'] = async (policies, onAccepted) => {
    await deployment.applyPolicies(policies);
    onAccepted?.();
    isDenied = policies.length > 0;
    applied.push(performance.now());
  };
  const source: Deployment['source'] = (name) => {
    const real = deployment.source(name);
    const isControl = name === 'prod/web';
    return {
      endpoint: name,
      exec: async (argv, options) => {
        if (argv[3] !== 'stream') return real.exec(argv, options);
        const stream = fakeStream(name, isControl ? server : { flows: () => flowsUnder(isDenied), stalls });
        streams.push(stream);
        return stream.exec(argv, options);
      },
    };
  };
  const placed: Deployment = Object.create(deployment, {
    applyPolicies: { value: applyPolicies },
    source: { value: source },
  });
  return { placed, streams, calls: deployment.calls };
};

const statesIn = (result: Awaited<ReturnType<typeof runScenario>>) =>
  result.steps.map(({ status, established }) =>
    [
      status,
      ...(established?.connections ?? []).map(
        (one) => one.broken?.kind ?? one.turns.map(({ state }) => state).join(' '),
      ),
    ].join(': '),
  );

describe('a step that follows connections', () => {
  skipPauses();

  it('opens them before its change, and the next step follows the same ones', async () => {
    const { placed, streams } = pods(() => true);
    const steps = [{}, { deny: true, ...followed('flows') }, followed('flows'), {}];
    const result = await runScenario(scenarioOf('flow', steps), placed, fakeStage());
    expect(statesIn(result)).to.deep.equal(['pass', 'pass: flows', 'pass: flows', 'pass']);
    expect(result.steps[2]?.established?.connections[0]?.isOlder).to.equal(true);
    expect(result.steps[1]?.timings).to.have.all.keys('applyMs', 'settleMs', 'followMs', 'probeMs');
    expect(streams.map(({ endpoint, running }) => `${endpoint} ${running()}`)).to.have.members([
      'prod/web 0',
      'prod/client 0',
    ]);
  });

  it('sees them stop and come back', async () => {
    const { placed } = pods((isDenied) => !isDenied);
    const steps = [{}, { deny: true, ...followed('stops', { withinMs: 500 }) }, followed('flows', { withinMs: 500 })];
    const result = await runScenario(scenarioOf('stop', steps), placed, fakeStage());
    expect(statesIn(result)).to.deep.equal(['pass', 'pass: flows silent', 'pass: silent flows']);
  });

  it('fails if they do otherwise, whatever its matrix says, and not if nothing is expected of them', async () => {
    for (const [expected, status] of [
      ['stops', 'fail'],
      [null, 'pass'],
    ] as const) {
      const { placed } = pods(() => true);
      const result = await runScenario(
        scenarioOf('flow', [{}, { deny: true, ...followed(expected) }]),
        placed,
        fakeStage(),
      );
      expect(statesIn(result)).to.deep.equal(['pass', `${status}: flows`]);
    }
  });

  it('is an error if one was not open, or if its server does not answer itself', async () => {
    const closed = pods(() => false);
    const result = await runScenario(
      scenarioOf('closed', [{}, { deny: true, ...followed('stops') }]),
      closed.placed,
      fakeStage(),
    );
    expect(statesIn(result)).to.deep.equal(['pass', 'error: not-open']);
    let deadMs = Number.POSITIVE_INFINITY;
    const dying = pods(
      (isDenied) => {
        if (isDenied) deadMs = Math.min(deadMs, performance.now() + 100);
        return !isDenied;
      },
      { ends: { atMs: () => deadMs, code: 0 } },
    );
    const died = await runScenario(
      scenarioOf('dead', [{}, { deny: true, ...followed('stops') }]),
      dying.placed,
      fakeStage(),
    );
    expect(statesIn(died)).to.deep.equal(['pass', 'error: server']);
    for (const { running } of [...closed.streams, ...dying.streams]) expect(running()).to.equal(0);
  });

  it('follows one over each family', async () => {
    const { placed } = pods(() => true, {}, ['IPv4', 'IPv6']);
    const result = await runScenario(
      scenarioOf('dual', [{}, { deny: true, ...followed('flows') }]),
      placed,
      fakeStage(),
    );
    const connections = result.steps[1]?.established?.connections ?? [];
    expect(connections.map(({ family, turns }) => `${family} ${turns[0]?.state}`)).to.deep.equal([
      'IPv4 flows',
      'IPv6 flows',
    ]);
  });

  it('ends them if pods come or go, and if the step breaks', async () => {
    const { placed, streams } = pods(() => true);
    const more: Topology = topologyOf('prod');
    const [namespace] = more.namespaces;
    const late = {
      ...more,
      namespaces: [
        {
          ...namespace,
          pods: [...(namespace?.pods ?? []), { ...namespace?.pods[1], endpoint: 'prod/late', name: 'late' }],
        },
      ],
    } as Topology;
    const steps = [{}, { deny: true, ...followed('flows') }, { topology: late }];
    await runScenario(scenarioOf('late', steps), placed, fakeStage());
    expect(streams.every(({ running }) => running() === 0)).to.equal(true);
    const canary = Promise.resolve({
      isOrdered: true,
      settle: () => Promise.reject(new Error('stuck')),
      brokenPaths: async () => new Map(),
    });
    const stuck = pods(() => true);
    await runScenario(
      scenarioOf('stuck', [{}, { deny: true, ...followed('flows') }]),
      stuck.placed,
      fakeStage({ canary }),
    );
    expect(stuck.streams.every(({ running }) => running() === 0)).to.equal(true);
  });

  describe('while a source gets no processor time', () => {
    it('makes its change again, on new connections, and says so', async () => {
      const { placed, calls } = pods((isDenied) => !isDenied, {}, ['IPv4'], [2]);
      const steps = [{}, { deny: true, ...followed('stops', { withinMs: 500 }) }];
      const result = await runScenario(scenarioOf('busy', steps), placed, fakeStage());
      expect(statesIn(result)).to.deep.equal(['pass', 'pass: flows silent']);
      expect(result.steps[1]?.established?.repeated).to.equal(1);
      expect(calls.filter((call) => call.startsWith('apply'))).to.deep.equal([
        'apply ',
        ...['apply deny-busy', 'apply ', 'apply deny-busy'],
      ]);
    });

    it('goes through all steps that follow the connection', async () => {
      const { placed, calls } = pods(() => true, {}, ['IPv4'], [3]);
      const steps = [{}, { deny: true, ...followed('flows') }, followed('flows')];
      const result = await runScenario(scenarioOf('busy', steps), placed, fakeStage());
      expect(statesIn(result)).to.deep.equal(['pass', 'pass: flows', 'pass: flows']);
      expect(result.steps.map(({ established }) => established?.repeated)).to.deep.equal([undefined, undefined, 1]);
      expect(result.steps[2]?.established?.connections[0]?.isOlder).to.equal(true);
      expect(calls.filter((call) => call.startsWith('apply'))).to.deep.equal([
        ...['apply ', 'apply deny-busy', 'apply '],
        ...['apply ', 'apply deny-busy', 'apply '],
      ]);
    });

    it('is an error once it was made three times, whatever is expected', async () => {
      for (const expected of ['flows', 'stops', null] as const) {
        const { placed, streams } = pods(() => true, {}, ['IPv4'], [2, 4, 6]);
        const result = await runScenario(
          scenarioOf('busy', [{}, { deny: true, ...followed(expected) }]),
          placed,
          fakeStage(),
        );
        expect(statesIn(result)).to.deep.equal(['pass', 'error: unproven']);
        expect(result.steps[1]?.established?.repeated).to.equal(2);
        expect(streams.every(({ running }) => running() === 0)).to.equal(true);
      }
    });
  });
});
