import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { runGroups } from '../../../src/run/group.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';
import { breaking, failing, refusing, statuses } from './group-fixture.ts';

describe('runGroups, on a cluster that no longer answers', () => {
  const gone = () => fakeClient({ get: () => Promise.reject(new PodreachError('no answer from 127.0.0.1')) });

  it('stops where pods do not come up', async () => {
    const deployments = fakePool(() => {
      throw new PodreachError('no route');
    });
    const failure = await failureOf(runGroups([scenarioOf('a')], fakeStage({ client: gone(), deployments })));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.equal(
      'the cluster stopped answering in the middle of the run: no answer from 127.0.0.1',
    );
    expect(failure.hint).to.contain('podreach doctor');
  });

  it('stops where a scenario breaks', async () => {
    const stage = fakeStage({ client: gone(), deployments: fakePool(refusing) });
    const failure = await failureOf(runGroups([breaking('a'), scenarioOf('b')], stage));
    expect(failure.message).to.contain('the cluster stopped answering in the middle of the run');
    expect(stage.deployments.calls).to.deep.equal(['acquire 1']);
  });

  it('tells nothing of an error that it does not know, which may hold credentials', async () => {
    const client = fakeClient({ get: () => Promise.reject(new Error('private key inside')) });
    const stage = fakeStage({ client, deployments: fakePool(refusing) });
    const failure = await failureOf(runGroups([breaking('a')], stage));
    expect(failure.message).to.equal('the cluster stopped answering in the middle of the run');
  });

  it('is not asked where all goes well', async () => {
    const results = await runGroups([scenarioOf('a'), failing('b')], fakeStage({ client: gone() }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b fail']);
  });
});

describe('runGroups, with a bug in podreach', () => {
  it('keeps the results of the others if podreach has a bug in one', async () => {
    let made = 0;
    const deployments = fakePool((topology) => {
      made += 1;
      if (made === 2) throw new TypeError('x is undefined');
      return fakeDeployment(topology);
    });
    const scenarios = ['a', 'b', 'c'].map((name) => scenarioOf(name, [{}], topologyOf(name)));
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b error', 'c pass']);
    expect(results[1]?.steps[0]?.problem).to.contain('a bug in podreach, please report it: TypeError');
  });
});
