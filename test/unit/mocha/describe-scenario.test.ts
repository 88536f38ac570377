import { expect } from 'chai';
import Mocha from 'mocha';
import { PodreachError } from '../../../src/errors.ts';
import { headOf, type RunEvents, type ScenarioResult, type Status, worst } from '../../../src/matrix/index.ts';
import { describeScenario } from '../../../src/mocha/describe-scenario.ts';
import { failureOf } from '../failure-of.ts';
import { scenarioOf } from '../run/fake-stage.ts';
import { runInner } from './inner-mocha.ts';

const scenario = scenarioOf('a', [{}, {}]);

/** Runs whose steps have these statuses, one run after the other; a run ends early where it has fewer. */
const runsOf = (...all: readonly (readonly Status[])[]) => {
  let count = 0;
  const run = async ({ onStepEnd }: RunEvents): Promise<ScenarioResult> => {
    const statuses = all[count] ?? [];
    count += 1;
    const steps = statuses.map((status, at) => ({ name: `step ${at + 1}`, status, timings: {}, cells: [] }));
    for (const step of steps) onStepEnd(step, headOf(scenario));
    return { ...headOf(scenario), status: worst(statuses), timings: {}, steps };
  };
  return { run, count: () => count };
};

describe('the suite of a scenario', () => {
  it('runs it once for all of its tests', async () => {
    const { run, count } = runsOf(['pass', 'fail']);
    const { tests } = await runInner(() => describeScenario(scenario, run));
    expect(tests).to.deep.equal(['pass a step 1', 'fail a step 2']);
    expect(count()).to.equal(1);
  });

  it('runs it again for each retry', async () => {
    const { run, count } = runsOf(['fail', 'pass'], ['pass', 'fail'], ['pass', 'pass']);
    const { tests } = await runInner(() => describeScenario(scenario, run), { retries: 1 });
    expect(tests).to.deep.equal(['retry a step 1', 'pass a step 1', 'retry a step 2', 'pass a step 2']);
    expect(count()).to.equal(3);
  });

  it('stops with --bail', async () => {
    const { run } = runsOf(['fail', 'pass']);
    const { tests } = await runInner(() => describeScenario(scenario, run), { bail: true });
    expect(tests).to.deep.equal(['fail a step 1']);
  });

  it('fails at a step that was not reached, and at every step of a cluster that broke', async () => {
    const { tests, messages } = await runInner(() => describeScenario(scenario, runsOf(['error']).run), {
      grep: 'step 2',
    });
    expect(tests).to.deep.equal(['fail a step 2']);
    expect(messages.join()).to.contain('was not reached, because the step "step 1" broke');
    const broken = () => Promise.reject(new PodreachError('no engine', { hint: 'start it' }));
    const other = await runInner(() => describeScenario(scenario, broken));
    expect(other.messages).to.deep.equal(['no engine\nhint: start it', 'no engine\nhint: start it']);
  });

  it('has tests of its own with the matrix of a step, which is found by its name', async () => {
    const { run, count } = runsOf(['pass', 'fail']);
    const seen: string[] = [];
    await runInner(() =>
      describeScenario(scenario, run, ({ matrix }) => {
        Mocha.it('own', async () => {
          seen.push((await matrix('step 2')).status, (await failureOf(matrix('stp 1'))).message);
          seen.push((await failureOf(matrix())).message);
        });
      }),
    );
    expect(seen).to.deep.equal([
      'fail',
      'a has no step "stp 1"; the nearest valid step is "step 1"',
      'a has 2 steps, so matrix needs the name of one: step 1, step 2',
    ]);
    expect(count()).to.equal(1);
  });
});
