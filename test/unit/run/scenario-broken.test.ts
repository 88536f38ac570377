import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { brokenScenario } from '../../../src/run/scenario.ts';
import { scenarioOf } from './fake-stage.ts';

describe('brokenScenario', () => {
  const scenario = scenarioOf('x', [{}, {}]);

  it('names the step that was to come, with the problem and the hint', () => {
    const result = brokenScenario(scenario, new PodreachError('no pods', { hint: 'look' }));
    expect(result).to.deep.equal({
      name: 'x',
      file: 'scenarios/x/scenario.yaml',
      status: 'error',
      timings: {},
      warnings: [],
      steps: [{ name: 'step 1', status: 'error', timings: {}, cells: [], problem: 'no pods', hint: 'look' }],
    });
    expect(brokenScenario(scenario, new PodreachError('no pods')).steps[0]).not.to.have.property('hint');
  });

  it('names the scenario if no step was to come', () => {
    const done = scenario.steps.map(({ name }) => ({ name, status: 'pass', timings: {}, cells: [] }) as const);
    const result = brokenScenario(scenario, new PodreachError('no pods'), done);
    expect(result.steps.map(({ name }) => name)).to.deep.equal(['step 1', 'step 2', 'x']);
  });

  it('reports a bug in podreach as one, and nothing else that it holds', () => {
    const [step] = brokenScenario(scenario, new TypeError('x is undefined')).steps;
    expect(step?.status).to.equal('error');
    expect(step?.problem).to.match(/^a bug in podreach, please report it: TypeError: x is undefined\n\s+at /);
    expect(brokenScenario(scenario, new Error('top-secret')).steps[0]?.problem).not.to.contain('top-secret');
  });
});
