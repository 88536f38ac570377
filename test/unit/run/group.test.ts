import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { runGroups } from '../../../src/run/group.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';
import { OPEN } from '../probe/fake-targets.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';
import { breaking, failing, refusing, statuses, withPods } from './group-fixture.ts';

describe('runGroups', () => {
  it('returns the results in the order of the scenarios, whatever group ends first', async () => {
    const [one, other] = [topologyOf('prod'), topologyOf('dev')];
    const scenarios = [
      scenarioOf('a', [{}], one),
      failing('b', other),
      failing('c', one),
      scenarioOf('d', [{}], other),
    ];
    const otherEnds = Promise.withResolvers<void>();
    const deployments = fakePool((topology) => {
      const deployment = fakeDeployment(topology);
      const slow = topology === one;
      return { ...deployment, removePolicies: () => (slow ? otherEnds.promise : deployment.removePolicies()) };
    });
    const { notes, progress } = fakeStage();
    const note = (text: string) => {
      progress.note(text);
      if (text.startsWith('d:')) otherEnds.resolve();
    };
    const stage = fakeStage({ deployments, workers: 2, notes, progress: { ...progress, note } });
    expect(statuses(await runGroups(scenarios, stage))).to.deep.equal(['a pass', 'b fail', 'c fail', 'd pass']);
    expect(stage.notes).to.have.members([
      'b: fail (1 of 4)',
      'd: pass (2 of 4)',
      'a: pass (3 of 4)',
      'c: fail (4 of 4)',
    ]);
  });

  it('runs scenarios of an equal topology on the same pods, and reports once how long these took', async () => {
    const deployments = fakePool();
    const { acquire } = deployments;
    const slowly = { ...deployments, acquire: async (topology: Topology) => sleep(20).then(() => acquire(topology)) };
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{ deny: true }]), failing('c')];
    const results = await runGroups(scenarios, fakeStage({ deployments: slowly }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b pass', 'c fail']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
    expect(results.map(({ timings }) => 'deployMs' in timings)).to.deep.equal([true, false, false]);
    const { deployMs = 0, totalMs = 0 } = results[0]?.timings ?? {};
    expect(deployMs).to.be.at.least(18);
    expect(totalMs, 'the whole, with its parts').to.be.at.least(deployMs);
  });

  it('gives pods other labels between scenarios that differ in nothing else', async () => {
    const plain = topologyOf();
    const namespaces = plain.namespaces.map((one) => ({
      ...one,
      pods: one.pods.map((pod) => ({ ...pod, labels: { ...pod.labels, role: 'other' } })),
    }));
    const labelled = { ...plain, namespaces };
    const deployments = fakePool();
    const scenarios = [
      scenarioOf('a', [{ deny: true }]),
      scenarioOf('b', [{}], labelled),
      scenarioOf('c'),
      scenarioOf('d', [{}], labelled),
    ];
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b pass', 'c pass', 'd pass']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
    // Those with the same labels follow one another, so that the labels change once.
    const changes = deployments.created[0]?.calls.filter((call) => call.startsWith('change to'));
    expect(changes).to.have.length(1);
  });

  it('creates and removes the few pods that the next scenario has or lacks, and proves those that are new', async () => {
    const open = new Set<string>();
    const deployments = fakePool((topology) =>
      fakeDeployment(topology, ({ port }, from) => {
        open.add(`${from} > ${port}`);
        return OPEN;
      }),
    );
    const scenarios = [
      scenarioOf('a', [{ deny: true }]),
      scenarioOf('b', [{}], withPods('extra')),
      failing('c', withPods('more')),
    ];
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b pass', 'c fail']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
    expect(deployments.created[0]?.calls).to.deep.equal([
      ...['remove', 'apply deny-a'],
      // Nothing is in force any more when the pods change.
      ...['remove', 'change to prod/web,prod/client,prod/extra', 'apply '],
      ...['remove', 'change to prod/web,prod/client,prod/more', 'apply deny-c'],
      'dispose',
    ]);
    // Under its own policy it reaches nothing, so this was its baseline.
    expect(open).to.include('prod/more > 80');
    expect(results.map(({ steps: [step] }) => 'changeMs' in (step?.timings ?? {}))).to.deep.equal([false, true, true]);
    expect(new Set(results[2]?.steps[0]?.cells.map(({ from }) => from))).to.have.property('size', 3);
  });

  it('runs a scenario on pods of its own after one whose pods differ in a few broke', async () => {
    const deployments = fakePool(refusing);
    const scenarios = [breaking('a'), scenarioOf('b', [{}], withPods('extra'))];
    expect(statuses(await runGroups(scenarios, fakeStage({ deployments })))).to.deep.equal(['a error', 'b pass']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2', 'dispose 2']);
  });

  it('tries those that differ in a few pods if the pods of the first do not come up', async () => {
    const bad = withPods('never');
    const deployments = fakePool((topology) => {
      if (topology === bad) throw new PodreachError('pod prod/never is not ready');
      return fakeDeployment(topology);
    });
    const scenarios = [scenarioOf('a', [{}], bad), scenarioOf('b', [{}], bad), scenarioOf('c')];
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a error', 'b error', 'c pass']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'acquire 1', 'dispose 1']);
  });

  it('runs other topologies on pods of their own, as many groups at once as there are workers', async () => {
    const scenarios = ['a', 'b', 'c'].map((name) => scenarioOf(name, [{}], topologyOf(name)));
    for (const workers of [1, 2]) {
      let atWork = 0;
      let most = 0;
      const pool = fakePool();
      const deployments = {
        ...pool,
        acquire: async (topology: Topology) => {
          atWork += 1;
          most = Math.max(most, atWork);
          const deployment = await pool.acquire(topology);
          const dispose = async () => {
            atWork -= 1;
          };
          return { ...deployment, dispose };
        },
      };
      expect(statuses(await runGroups(scenarios, fakeStage({ workers, deployments })))).to.deep.equal([
        'a pass',
        'b pass',
        'c pass',
      ]);
      expect(pool.created).to.have.length(3);
      expect(most).to.equal(workers);
    }
  });

  for (const [what, first] of Object.entries({ fails: failing, breaks: breaking }))
    it(`stops with bail at one that ${what}, and removes its pods`, async () => {
      const scenarios = [scenarioOf('a'), first('b'), scenarioOf('c'), scenarioOf('d', [{}], topologyOf('dev'))];
      const stage = fakeStage({ bail: true, deployments: fakePool(refusing) });
      const status = what === 'fails' ? 'fail' : 'error';
      expect(statuses(await runGroups(scenarios, stage))).to.deep.equal(['a pass', `b ${status}`]);
      const [pods] = stage.deployments.created;
      expect(stage.deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
      expect(pods?.calls.at(-1)).to.equal('dispose');
    });

  it('goes on without bail, on other pods if some broke', async () => {
    const stage = fakeStage({ deployments: fakePool(refusing) });
    const results = await runGroups([breaking('a'), failing('b'), scenarioOf('c')], stage);
    expect(statuses(results)).to.deep.equal(['a error', 'b fail', 'c pass']);
    expect(results[0]?.steps[0]?.problem).to.equal('the policy was refused');
    expect(stage.deployments.calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2', 'dispose 2']);
    expect(stage.deployments.created[0]?.calls.at(-1)).to.equal('dispose');
  });

  it('makes errors of the whole group whose pods do not come up, and of no other', async () => {
    const bad = topologyOf('prod');
    const deployments = fakePool((topology) => {
      if (topology === bad) throw new PodreachError('pod prod/web is not ready', { hint: 'look at its events' });
      return fakeDeployment(topology);
    });
    const scenarios = [
      scenarioOf('a', [{}], bad),
      scenarioOf('b', [{}], topologyOf('dev')),
      scenarioOf('c', [{}, {}], bad),
    ];
    const results = await runGroups(scenarios, fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a error', 'b pass', 'c error']);
    for (const index of [0, 2])
      expect(results[index]?.steps).to.deep.equal([
        {
          name: 'step 1',
          status: 'error',
          timings: {},
          cells: [],
          problem: 'pod prod/web is not ready',
          hint: 'look at its events',
        },
      ]);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'acquire 1', 'dispose 1']);
  });

  it('leaves the results of a group that were there before its pods failed', async () => {
    let made = 0;
    const deployments = fakePool((topology) => {
      made += 1;
      if (made > 1) throw new PodreachError('no room');
      return refusing(topology);
    });
    const results = await runGroups([scenarioOf('a'), breaking('b'), scenarioOf('c')], fakeStage({ deployments }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b error', 'c error']);
    expect(results.map(({ steps }) => steps[0]?.problem)).to.deep.equal([
      undefined,
      'the policy was refused',
      'no room',
    ]);
  });

  it('keeps the pods of what does not pass if asked to, and runs the next on others', async () => {
    const stage = fakeStage({ keep: true, deployments: fakePool(refusing) });
    const scenarios = [scenarioOf('a'), failing('b'), breaking('c'), scenarioOf('d'), scenarioOf('e')];
    const results = await runGroups(scenarios, stage);
    expect(statuses(results)).to.deep.equal(['a pass', 'b fail', 'c error', 'd pass', 'e pass']);
    const { calls, created } = stage.deployments;
    expect(calls).to.deep.equal(['acquire 1', 'keep 1', 'acquire 2', 'keep 2', 'acquire 3', 'dispose 3']);
    expect(created.map((pods) => pods.calls.includes('dispose'))).to.deep.equal([false, false, true]);
  });

  it('throws when the run is interrupted, and asks the cluster nothing more', async () => {
    const client = fakeClient({ get: () => expect.fail('it was asked') });
    const interruption = new PodreachError('the deployment was interrupted');
    const deployments = fakePool(() => {
      throw interruption;
    });
    const stage = fakeStage({ client, deployments, signal: AbortSignal.abort() });
    expect(await failureOf(runGroups([scenarioOf('a')], stage))).to.equal(interruption);
    const later = fakeStage({ client, deployments: fakePool(refusing), signal: AbortSignal.abort() });
    expect((await failureOf(runGroups([breaking('a')], later))).message).to.equal('the run was interrupted');
  });

  it('returns nothing for nothing', async () => {
    expect(await runGroups([], fakeStage())).to.deep.equal([]);
  });
});
