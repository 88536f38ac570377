import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import { fakeDeployment, fakeStage, scenarioOf } from './fake-stage.ts';

describe('runScenario, where something breaks', () => {
  it('is an error if a step breaks, with the steps before it', async () => {
    const deployment = fakeDeployment();
    const { applyPolicies } = deployment;
    const broken: typeof deployment = {
      ...deployment,
      applyPolicies: async (policies) => {
        if (policies.some(({ name }) => name === 'deny-x')) throw new PodreachError('refused', { hint: 'mend it' });
        await applyPolicies(policies);
      },
    };
    const scenario = scenarioOf('x', [{}, { deny: true }, {}]);
    const result = await runScenario(scenario, broken, fakeStage());
    expect(result.status).to.equal('error');
    expect(result.timings).to.have.all.keys('baselineMs', 'totalMs');
    expect(result.steps.map(({ name, status }) => `${name} ${status}`)).to.deep.equal(['step 1 pass', 'step 2 error']);
    expect(result.steps[1]).to.deep.equal({
      name: 'step 2',
      status: 'error',
      timings: {},
      cells: [],
      problem: 'refused',
      hint: 'mend it',
    });
  });

  it('is an error if the canary does not stand', async () => {
    const canary = Promise.reject(new PodreachError('this CNI enforces nothing'));
    canary.catch(() => {});
    const result = await runScenario(scenarioOf('x'), fakeDeployment(), fakeStage({ canary }));
    expect(result.steps[0]?.problem).to.equal('this CNI enforces nothing');
  });

  it('is an error if podreach itself has a bug', async () => {
    const deployment = { ...fakeDeployment(), removePolicies: () => Promise.reject(new TypeError('x is undefined')) };
    const { status, steps } = await runScenario(scenarioOf('x'), deployment, fakeStage());
    expect(status).to.equal('error');
    expect(steps[0]?.problem).to.contain('a bug in podreach').and.contain('TypeError: x is undefined');
  });
});
