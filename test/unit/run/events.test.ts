import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { RunEvents } from '../../../src/matrix/index.ts';
import { runGroups } from '../../../src/run/group.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

/** What is told, in order: `a: step 1 pass`, `a pass`. */
const listening = () => {
  const told: string[] = [];
  const events: RunEvents = {
    onStepEnd: ({ name, status }, scenario) => void told.push(`${scenario.name}: ${name} ${status}`),
    onScenarioEnd: ({ name, status, steps }) => void told.push(`${name} ${status} (${steps.length})`),
  };
  return { told, events };
};

describe('the events of a run', () => {
  it('report each step when it ends, and the scenario after its last step', async () => {
    const { told, events } = listening();
    const scenarios = [scenarioOf('a', [{}, { deny: true, expectation: 'allow' }]), scenarioOf('b')];
    const results = await runGroups(scenarios, fakeStage({ events }));
    expect(told).to.deep.equal(['a: step 1 pass', 'a: step 2 fail', 'a fail (2)', 'b: step 1 pass', 'b pass (1)']);
    expect(results).to.have.length(2);
  });

  it('come while the run goes on', async () => {
    const { told, events } = listening();
    let before: readonly string[] = [];
    const deployments = fakePool((topology) => {
      if (topology.namespaces[0]?.name === 'dev') before = [...told];
      return fakeDeployment(topology);
    });
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{}], topologyOf('dev'))];
    await runGroups(scenarios, fakeStage({ events, deployments }));
    expect(before).to.deep.equal(['a: step 1 pass', 'a pass (1)']);
  });

  it('report a step that breaks, and scenarios whose pods do not come up', async () => {
    const { told, events } = listening();
    const deployments = fakePool((topology) => {
      if (topology.namespaces[0]?.name === 'dev') throw new PodreachError('no room');
      const change = () => Promise.reject(new PodreachError('no room'));
      return Object.assign(fakeDeployment(topology), { change });
    });
    const broken = scenarioOf('a', [{}, { topology: topologyOf('other') }, {}]);
    await runGroups([broken, scenarioOf('b', [{}, {}], topologyOf('dev'))], fakeStage({ events, deployments }));
    expect(told).to.deep.equal([
      ...['a: step 1 pass', 'a: step 2 error', 'a error (2)'],
      ...['b: step 1 error', 'b error (1)'],
    ]);
  });

  it('hold what the result holds, and of a step all that is known of its scenario before', async () => {
    const seen: unknown[] = [];
    const events: RunEvents = {
      onStepEnd: (step, scenario) => void seen.push(step, scenario),
      onScenarioEnd: (result) => void seen.push(result),
    };
    const scenario = { ...scenarioOf('a'), intent: 'Everybody reaches web.' };
    const [result] = await runGroups([scenario], fakeStage({ events }));
    const { name, file, intent, warnings } = result ?? expect.fail('no result');
    expect(seen).to.deep.equal([result?.steps[0], { name, file, intent, warnings }, result]);
  });
});
