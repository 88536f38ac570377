import { expect } from 'chai';
import { describeScenarios } from '../../../src/mocha/index.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';
import { runInner } from './inner-mocha.ts';

const predicted = { predicted: true } as const;

const scenario = (expectation: string, only = '') => `
namespaces:
  prod: {pods: {web: {ports: [80]}, client: {}}}
policies: []
${expectation}
${only}`;

describe('describeScenarios', () => {
  it('makes a suite of each scenario and a test of each step, which --grep chooses', async () => {
    const paths = ['scenarios/deny-all', 'scenarios/steps/policy-deleted'];
    const { tests } = await runInner(() => describeScenarios(paths, predicted));
    expect(tests).to.deep.equal([
      'pass deny-all is as expected',
      ...['start', 'closed', 'open'].map((step) => `pass policy-deleted ${step}`),
    ]);
    const grepped = await runInner(() => describeScenarios(paths, predicted), { grep: 'closed' });
    expect(grepped.tests).to.deep.equal(['pass policy-deleted closed']);
  });

  it('shows of a step that fails what the terminal reporter shows, and skips what nothing is expected of', async () => {
    const files = {
      'wrong/scenario.yaml': scenario('expect: {default: deny}'),
      'without/scenario.yaml': scenario(''),
    };
    await inFolder(files, async (folder) => {
      const { tests, messages } = await runInner(() => describeScenarios(folder, predicted));
      expect(tests).to.have.members(['pending without is as expected', 'fail wrong is as expected']);
      expect(messages.join())
        .to.contain('wrong/scenario.yaml')
        .and.to.match(/^prod\/client +\[\.≠X\]$/m)
        .and.to.contain('prod/client -> prod/web 80/TCP: expected deny, predicted allow');
    });
  });

  it('runs nothing but a scenario that has only', async () => {
    const files = {
      'a/scenario.yaml': scenario('expect: {default: allow}'),
      'b/scenario.yaml': scenario('expect: {default: allow}', 'only: true'),
    };
    await inFolder(files, async (folder) => {
      const { tests } = await runInner(() => describeScenarios(folder, predicted));
      expect(tests).to.deep.equal(['pass b is as expected']);
    });
  });

  it('fails if it is not awaited, because then there are no tests', async () => {
    const { tests, messages } = await runInner(() => describeScenarios('scenarios/deny-all', predicted), {
      awaited: false,
    });
    expect(tests).to.deep.equal(['fail the scenarios of scenarios/deny-all are loaded']);
    expect(messages.join()).to.contain('was not awaited');
  });

  it('refuses a cluster of its own to each worker of --parallel', async () => {
    const before = process.env.MOCHA_WORKER_ID;
    process.env.MOCHA_WORKER_ID = '0';
    try {
      let failure: Error | undefined;
      await runInner(async () => {
        failure = await failureOf(describeScenarios('scenarios/deny-all'));
      });
      expect(failure?.message).to.contain('hint: ').and.to.contain('--require podreach/mocha');
    } finally {
      if (before === undefined) delete process.env.MOCHA_WORKER_ID;
      else process.env.MOCHA_WORKER_ID = before;
    }
  });
});
