import { expect } from 'chai';
import { runGroups } from '../../../src/run/group.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Pod, Topology } from '../../../src/scenario/index.ts';
import { type Behaviour, OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const pinned = (namespace: string): Topology => {
  const { namespaces, ...rest } = topologyOf(namespace);
  const pods = namespaces.flatMap((one) => one.pods).map((pod) => ({ ...pod, addresses: ['192.168.77.10'] }));
  return { ...rest, namespaces: namespaces.map((one) => ({ ...one, pods: pods.slice(0, 1) })) };
};

const withPods = (...more: readonly (Pick<Pod, 'name'> & Partial<Pod>)[]): Topology => {
  const { namespaces, ...rest } = topologyOf();
  const added = more.map((pod) => ({ endpoint: `prod/${pod.name}`, namespace: 'prod', labels: {}, ports: [], ...pod }));
  return { ...rest, namespaces: namespaces.map((one) => ({ ...one, pods: [...one.pods, ...added] })) };
};
const LATE = withPods({ name: 'late' });

const relabelled = (labels: Pod['labels']): Topology => {
  const { namespaces, ...rest } = topologyOf();
  return {
    ...rest,
    namespaces: namespaces.map((one) => ({ ...one, pods: one.pods.map((pod) => ({ ...pod, labels })) })),
  };
};

const OPENING = 'podreach-opens-all-for-a-moment';

describe('the steps of a scenario', () => {
  skipPauses();

  it('share the pods of other scenarios that begin with the same, which get back what they had', async () => {
    const deployments = fakePool();
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{}, { topology: LATE }]), scenarioOf('c')];
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(results.map(({ status }) => status)).to.deep.equal(['pass', 'pass', 'pass']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
    expect(deployments.created[0]?.calls.filter((call) => call.startsWith('change'))).to.deep.equal([
      'change to prod/web,prod/client,prod/late',
      'change to prod/web,prod/client',
    ]);
  });

  it('are not run beside a scenario that wants an address of a later step', async () => {
    const atWork = new Set<Topology>();
    let most = 0;
    const deployments = fakePool((topology) => {
      atWork.add(topology);
      most = Math.max(most, atWork.size);
      return { ...fakeDeployment(topology), dispose: async () => void atWork.delete(topology) };
    });
    const scenarios = [scenarioOf('a', [{}, { topology: pinned('dev') }]), scenarioOf('b', [{}], pinned('qa'))];
    await runGroups(scenarios, fakeStage({ deployments, workers: 2 }));
    expect(most).to.equal(1);
  });

  it('change the pods first, while the policies before are in force, and only if they differ', async () => {
    const deployment = fakeDeployment();
    const scenario = scenarioOf('a', [{ deny: true }, { deny: true, topology: relabelled({ app: 'web' }) }, {}]);
    const { status } = await runScenario(scenario, deployment, fakeStage());
    expect(status).to.equal('pass');
    expect(deployment.calls).to.deep.equal([
      ...['remove', 'apply deny-a'],
      ...['change to prod/web,prod/client', 'apply deny-a'],
      ...['change to prod/web,prod/client', 'apply '],
    ]);
  });

  it('prove that a new pod is reached, under a policy that opens everything for as long as that takes', async () => {
    const deployment = fakeDeployment();
    const scenario = scenarioOf('a', [{ deny: true }, { deny: true, topology: LATE }]);
    const { status, timings, steps } = await runScenario(scenario, deployment, fakeStage());
    expect(status).to.equal('pass');
    expect(deployment.calls).to.deep.equal([
      ...['remove', 'apply deny-a'],
      ...['change to prod/web,prod/client,prod/late', `apply deny-a,${OPENING}`, 'apply deny-a'],
    ]);
    expect(timings).to.have.property('baselineMs');
    expect(steps.map((step) => 'changeMs' in step.timings)).to.deep.equal([false, true]);
  });

  it('do not take a new pod that nothing reaches for a blocked one', async () => {
    const dead: Behaviour = (asked) => (asked.host === '10.0.0.3' ? TIMED_OUT : OPEN);
    const serving = withPods({ name: 'late', ports: [{ number: 81, protocol: 'TCP' }] });
    const scenario = scenarioOf('a', [{ deny: true }, { deny: true, topology: serving }]);
    const stage = fakeStage({ timeoutMs: 20 });
    const { status, steps } = await runScenario(scenario, fakeDeployment(topologyOf(), dead), stage);
    expect(status).to.equal('error');
    expect(steps[1]?.problem).to.contain('prod/late does not listen on 81/TCP');
  });

  it('forget the policies of a namespace that is gone', async () => {
    const both = { ...topologyOf(), namespaces: [...topologyOf().namespaces, ...topologyOf('dev').namespaces] };
    const deployment = fakeDeployment(both);
    const { status } = await runScenario(
      scenarioOf('a', [{ deny: true }, { deny: true, topology: LATE }], both),
      deployment,
      fakeStage(),
    );
    expect(status).to.equal('pass');
    expect(deployment.calls.slice(1)).to.deep.equal([
      'apply deny-a,deny-a',
      'change to prod/web,prod/client,prod/late',
      `apply deny-a,${OPENING}`,
      'apply deny-a',
    ]);
  });
});
