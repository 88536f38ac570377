import { expect } from 'chai';
import { runScenario } from '../../../src/run/scenario.ts';
import type { ExpectedProbe, Topology } from '../../../src/scenario/index.ts';
import { OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { fakeCanary, fakeDeployment, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const BOTH = ['IPv4', 'IPv6'] as const;
const toWeb = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' } as const;
const expected = (family: 'IPv4' | 'IPv6', expectation: ExpectedProbe['expectation']): ExpectedProbe => ({
  ...toWeb,
  family,
  expectation,
});

describe('runScenario, in a cluster of both families', () => {
  const SIX = 'fd00::1';

  it('proves both open, probes every cell over each, and judges each by what is expected of it', async () => {
    const steps = [{ expected: BOTH.map((family) => expected(family, family === 'IPv4' ? 'allow' : 'deny')) }];
    let proven = false;
    const before = new Set<string>();
    const deployment = fakeDeployment(
      topologyOf(),
      ({ host }, from) => {
        if (!proven) before.add(`${from} ${host}`);
        return proven && host === SIX && from === 'prod/client' ? TIMED_OUT : OPEN;
      },
      BOTH,
    );
    const settle = async () => {
      proven = true;
      return 0;
    };
    const stage = fakeStage({ canary: Promise.resolve(fakeCanary({ settle })) });
    const result = await runScenario(scenarioOf('dual', steps), deployment, stage);
    expect([...before]).to.include.members(['prod/client 10.0.0.1', `prod/client ${SIX}`]);
    expect(
      result.steps[0]?.cells.map(({ from, family, observed, status }) => [from, family, observed, status]),
    ).to.deep.equal([
      ['prod/web', 'IPv4', 'allowed', 'self'],
      ['prod/web', 'IPv6', 'allowed', 'self'],
      ['prod/client', 'IPv4', 'allowed', 'match'],
      ['prod/client', 'IPv6', 'dropped', 'match'],
    ]);
    expect(result.status).to.equal('pass');
  });

  it('takes what names no family for both', async () => {
    const result = await runScenario(
      scenarioOf('dual'),
      fakeDeployment(topologyOf(), () => OPEN, BOTH),
      fakeStage(),
    );
    expect(result.steps[0]?.cells.map(({ family, expected: wanted }) => [family, wanted])).to.deep.equal([
      ['IPv4', null],
      ['IPv6', null],
      ['IPv4', 'allow'],
      ['IPv6', 'allow'],
    ]);
    expect(result.status).to.equal('pass');
  });

  it('repeats the probe of the family that differs', async () => {
    const steps = [{ expected: BOTH.map((family) => expected(family, 'allow')), deny: true }];
    const result = await runScenario(
      scenarioOf('dual', steps),
      fakeDeployment(topologyOf(), () => OPEN, BOTH),
      fakeStage(),
    );
    const repeat = Object.fromEntries(result.steps[0]?.repeat ?? []);
    expect(repeat['prod/client > prod/web 80/TCP IPv4']).to.contain(' 10.0.0.1 80');
    expect(repeat['prod/client > prod/web 80/TCP IPv6']).to.contain(` ${SIX} 80`);
  });
});

describe('runScenario, in a cluster of one family', () => {
  it('refuses a scenario that expects something of the other', async () => {
    const steps = [{ expected: BOTH.map((family) => expected(family, 'allow')) }];
    const deployment = fakeDeployment();
    const result = await runScenario(scenarioOf('dual', steps), deployment, fakeStage());
    expect(result.status).to.equal('error');
    expect(result.steps[0]?.problem).to.contain('IPv6');
    expect(result.steps[0]?.hint).to.contain('--ip-family dual');
    expect(deployment.calls).to.deep.equal([]);
  });
});

describe('runScenario, of a pod that its kubelet asks', () => {
  const asked: Topology = {
    ...topologyOf(),
    namespaces: topologyOf().namespaces.map((one) => ({
      ...one,
      pods: one.pods.map((pod) => (pod.name === 'web' ? { ...pod, readiness: 80 } : pod)),
    })),
  };
  const runWith = (unready: ReadonlyMap<string, string>) => {
    const watched: number[] = [];
    const deployment = Object.assign(fakeDeployment(asked), {
      unready: async (forMs: number) => {
        watched.push(forMs);
        return unready;
      },
    });
    const result = runScenario(scenarioOf('asked', [{ deny: true }], asked), deployment, fakeStage());
    return result.then(({ steps }) => ({ watched, cell: steps[0]?.cells.at(-1), why: steps[0]?.why }));
  };

  it('sees whether it stays ready, under the policies of the step and never before', async () => {
    const { cell, watched } = await runWith(new Map());
    expect(cell).to.include({ from: 'kubelet', to: 'prod/web', port: 80, observed: 'allowed', model: 'allow' });
    expect(watched).to.have.length(1);
  });

  it('explains one that does not, like any other difference', async () => {
    const { cell, why } = await runWith(new Map([['prod/web', 'the probe failed']]));
    expect(cell).to.include({ from: 'kubelet', observed: 'dropped', model: 'allow' });
    expect(why?.get('kubelet > prod/web 80/TCP')?.explained.connections[0]?.to).to.equal('prod/web');
  });
});

describe('runScenario, again on the same pods', () => {
  it('does not prove again that they are open to each other', async () => {
    let tried = 0;
    const deployment = fakeDeployment(topologyOf(), () => {
      tried += 1;
      return OPEN;
    });
    const triedBy = async (name: string) => {
      tried = 0;
      expect((await runScenario(scenarioOf(name), deployment, fakeStage())).status).to.equal('pass');
      return tried;
    };
    const first = await triedBy('one');
    // The baseline is as many probes as the step.
    expect(await triedBy('two')).to.equal(first / 2);
  });
});
