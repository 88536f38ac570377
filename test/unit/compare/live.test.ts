import { expect } from 'chai';
import { type ComparedStep, compareSteps, planProof, type Timing, withSeen } from '../../../src/compare/index.ts';
import type { StepResult } from '../../../src/matrix/index.ts';
import type { Verdict } from '../../../src/probe/index.ts';
import type { Pod, Topology } from '../../../src/scenario/index.ts';
import { scenarioOf, seen, stepOf } from '../report/sample-run.ts';
import { policyOf } from '../run/fake-stage.ts';

const pod = (name: string): Pod => ({
  ...{ endpoint: `prod/${name}`, namespace: 'prod', name, labels: { app: name } },
  ports: name === 'web' ? [{ number: 80, protocol: 'TCP' }] : [],
});
const topologyOf = (names: readonly string[], hosts: Topology['hosts'] = []): Topology => ({
  ...{ hosts, nodes: [], services: [], namespaces: [{ name: 'prod', labels: {}, pods: names.map(pod) }] },
});
const DENY = policyOf('deny', { podSelector: { matchLabels: { app: 'web' } }, ingress: [] });

const stateOf = (topology: Topology, ...policies: ComparedStep['policies']): ComparedStep => ({
  ...{ topology, policies, expected: 'model' },
});
const two = topologyOf(['web', 'client', 'job']);
const [open, closed] = [stateOf(two), stateOf(two, DENY)];

const planOf = (was: ComparedStep, is: ComparedStep, timing: Timing = { withinMs: 900 }) =>
  planProof({ name: 'shop', before: 'old', after: 'new', ...compareSteps(was, is) }, [was, is], timing);

describe('the plan of a live proof', () => {
  it('is one scenario that goes from one state to the other, each as predicted, and in time', () => {
    const plan = planOf(open, closed);
    expect(plan).not.to.have.property('untimed');
    expect(plan?.scenarios.map(({ name, file }) => [name, file])).to.deep.equal([['shop', 'new']]);
    expect(
      plan?.scenarios[0]?.steps.map(({ name, expected, policies, withinMs }) => [
        ...[name, expected, policies.length, withinMs],
      ]),
    ).to.deep.equal([
      ['before', 'model', 0, undefined],
      ['after', 'model', 1, 900],
    ]);
  });

  it('does not time what takes other pods, or what nobody wants timed', () => {
    for (const [plan, untimed] of [
      [planOf(open, stateOf(topologyOf(['web', 'client', 'late']), DENY)), 'pods'],
      [planOf(open, closed, 'not-asked'), 'not-asked'],
      [planOf(open, closed, 'planned'), 'planned'],
    ] as const) {
      expect(plan?.untimed).to.equal(untimed);
      expect(plan?.scenarios[0]?.steps.map(({ withinMs }) => withinMs)).to.deep.equal([undefined, undefined]);
    }
  });

  it('is a scenario for each state if outside hosts differ', () => {
    const host = { endpoint: 'host:office', name: 'office', addresses: ['172.17.5.10'], ports: [] };
    const plan = planOf(open, stateOf(topologyOf(['web', 'client', 'job'], [host]), DENY));
    expect(plan?.untimed).to.equal('services');
    expect(plan?.scenarios.map(({ name, file, steps }) => [name, file, steps.length])).to.deep.equal([
      ['shop: before', 'old', 1],
      ['shop: after', 'new', 1],
    ]);
  });

  it('is the state that has pods if the other one has none', () => {
    const nothing = stateOf(topologyOf([]));
    for (const [plan, name] of [
      [planOf(nothing, closed), 'shop: after'],
      [planOf(closed, nothing), 'shop: before'],
    ] as const) {
      expect(plan?.untimed).to.equal('pods');
      expect(plan?.scenarios.map((one) => [one.name, one.steps.length])).to.deep.equal([[name, 1]]);
    }
  });

  it('is none if nothing differs', () => {
    expect(planOf(open, stateOf(two))).to.equal(null);
  });

  it('is one if two policies swap what they say, because a state between is another one', () => {
    const from = (app: string) => ({
      ...{
        podSelector: { matchLabels: { app: 'web' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }],
      },
    });
    const [one, other] = [policyOf('one', from('client')), policyOf('other', from('job'))];
    const swapped = [
      { ...other, name: 'one' },
      { ...one, name: 'other' },
    ];
    expect(planOf(stateOf(two, one, other), stateOf(two, ...swapped))?.scenarios).to.have.lengthOf(1);
  });
});

describe('what was seen live', () => {
  const stateStep = (name: string, client: Verdict, job: Verdict): StepResult =>
    stepOf([seen(['prod/client', 'prod/web', '80/TCP', client]), seen(['prod/job', 'prod/web', '80/TCP', job])], [], {
      name,
    });
  const seenOf = (...steps: readonly StepResult[]) => {
    const comparison = { name: 'shop', before: 'old', after: 'new', ...compareSteps(open, closed) };
    const plan = planProof(comparison, [open, closed], { withinMs: 900 });
    return withSeen(comparison, plan ?? expect.fail('no plan'), [scenarioOf(steps, { name: 'shop', status: 'fail' })]);
  };

  it('is counted in each group: as predicted in both states, or otherwise in one', () => {
    const { groups, live } = seenOf(
      stateStep('before', 'allowed', 'allowed'),
      stateStep('after', 'dropped', 'allowed'),
    );
    expect(groups.map(({ change, cells, live: own }) => [change, cells, own])).to.deep.equal([
      ['closed', 2, { alike: 1, otherwise: 1 }],
    ]);
    expect(live?.status).to.equal('fail');
  });

  it('is not what broke, nor what a state that never came would have shown', () => {
    const broken = seenOf(stateStep('before', 'allowed', 'error'), stateStep('after', 'rejected', 'dropped'));
    expect(broken.groups[0]?.live).to.deep.equal({ alike: 1, otherwise: 0 });
    expect(seenOf(stateStep('before', 'allowed', 'allowed')).groups[0]?.live).to.deep.equal({ alike: 0, otherwise: 0 });
  });
});
