import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { Evidence, Subject } from '../../../src/evidence/index.ts';
import { runGroups } from '../../../src/run/group.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf } from './fake-stage.ts';
import { breaking, failing, refusing } from './group-fixture.ts';

describe('evidence of a run', () => {
  let collected: Subject[];
  let seen: string[];
  const evidence: Evidence = {
    collect: async (subject) => {
      collected.push(subject);
      return `evidence/${collected.length}`;
    },
    finish: async () => {},
  };
  beforeEach(() => {
    collected = [];
    seen = [];
  });
  const evidenceOf = (steps: readonly { readonly evidence?: string }[]) => steps.map((step) => step.evidence);

  it('is collected for a step that does not pass, while its policies are in force', async () => {
    const deployment = fakeDeployment();
    const watched: Evidence = {
      ...evidence,
      collect: async (subject) => {
        seen = [...deployment.calls];
        return evidence.collect(subject);
      },
    };
    const scenario = scenarioOf('s', [{}, { deny: true, expectation: 'allow' }, {}]);
    const { steps, status } = await runScenario(scenario, deployment, fakeStage({ evidence: watched }));
    expect(status).to.equal('fail');
    expect(evidenceOf(steps)).to.deep.equal([undefined, 'evidence/1', undefined]);
    expect(seen.at(-1)).to.equal('apply deny-s');
    expect(collected.map(({ scenario: name, step, status: own }) => [name, step, own])).to.deep.equal([
      ['s', 'step 2', 'fail'],
    ]);
    expect(collected[0]?.placed?.namespaces).to.deep.equal(['prod-x7k2a']);
    expect(steps[1]?.timings).to.have.property('evidenceMs');
  });

  it('is collected for a scenario that breaks, with the reason', async () => {
    const { steps } = await runScenario(
      breaking('b'),
      refusing(scenarioOf('b').steps[0].topology),
      fakeStage({ evidence }),
    );
    expect(evidenceOf(steps)).to.deep.equal(['evidence/1']);
    expect(collected[0]).to.include({ status: 'error', problem: 'the policy was refused' });
  });

  it('is shared by scenarios whose pods do not come up', async () => {
    const deployments = fakePool(() => {
      throw new PodreachError('no pods');
    });
    const results = await runGroups([scenarioOf('a'), scenarioOf('b')], fakeStage({ deployments, evidence }));
    expect(results.map(({ steps }) => evidenceOf(steps))).to.deep.equal([['evidence/1'], ['evidence/1']]);
    expect(collected).to.have.length(1);
    expect(collected[0]).not.to.have.property('placed');
  });

  it('is left out when the whole run ends', async () => {
    const { steps } = await runScenario(
      failing('f'),
      fakeDeployment(),
      fakeStage({ evidence, signal: AbortSignal.abort() }),
    );
    expect([...evidenceOf(steps), ...collected]).to.deep.equal([undefined]);
  });
});
