import { expect } from 'chai';
import { runGroups } from '../../../src/run/group.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const pinned = (namespace: string): Topology => {
  const { namespaces, ...rest } = topologyOf(namespace);
  const pods = namespaces.flatMap((one) => one.pods).map((pod) => ({ ...pod, addresses: ['192.168.77.10'] }));
  return { ...rest, namespaces: namespaces.map((one) => ({ ...one, pods: pods.slice(0, 1) })) };
};

describe('the steps of a scenario', () => {
  it('share the pods of other scenarios that begin with the same', async () => {
    const deployments = fakePool();
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{}, { topology: topologyOf('dev') }]), scenarioOf('c')];
    await runGroups(scenarios, fakeStage({ deployments }));
    // What b broke on is not for c.
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2', 'dispose 2']);
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

  it('are an error from the first that has other pods, because a run cannot change them', async () => {
    const scenario = scenarioOf('a', [{}, { topology: topologyOf('dev') }, {}]);
    const { status, steps } = await runScenario(scenario, fakeDeployment(), fakeStage());
    expect(status).to.equal('error');
    expect(steps.map((step) => `${step.name} ${step.status}`)).to.deep.equal(['step 1 pass', 'step 2 error']);
    expect(steps[1]?.problem).to.contain('step 2 has different pods');
    expect(steps[1]?.hint).to.contain('a scenario of its own');
  });
});
