import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { runGroups } from '../../../src/run/group.ts';
import type { Pod, Scenario, Topology } from '../../../src/scenario/index.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeDeployment, fakePool, fakeStage, policyOf, scenarioOf, topologyOf } from './fake-stage.ts';

const failing = (name: string, topology?: Topology): Scenario =>
  scenarioOf(name, [{ deny: true, expectation: 'allow' }], topology);
/** Breaks on its pods: a policy of this name is refused. */
const breaking = (name: string, topology?: Topology): Scenario =>
  scenarioOf(name, [{ deny: true, policies: [policyOf('refused')] }], topology);

const refusing = (topology: Topology) => {
  const deployment = fakeDeployment(topology);
  const { applyPolicies } = deployment;
  return {
    ...deployment,
    applyPolicies: async (policies: Parameters<typeof applyPolicies>[0]) => {
      if (policies.some(({ name }) => name === 'refused')) throw new PodreachError('the policy was refused');
      await applyPolicies(policies);
    },
  };
};
const statuses = (results: readonly { name: string; status: string }[]) =>
  results.map(({ name, status }) => `${name} ${status}`);

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

  it('runs scenarios of an equal topology on the same pods, and tells once how long these took', async () => {
    const deployments = fakePool();
    const { acquire } = deployments;
    const slowly = { ...deployments, acquire: async (topology: Topology) => sleep(20).then(() => acquire(topology)) };
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{ deny: true }]), failing('c')];
    const results = await runGroups(scenarios, fakeStage({ deployments: slowly }));
    expect(statuses(results)).to.deep.equal(['a pass', 'b pass', 'c fail']);
    expect(deployments.calls).to.deep.equal(['acquire 1', 'dispose 1']);
    expect(results.map(({ timings }) => 'deployMs' in timings)).to.deep.equal([true, false, false]);
    expect(results[0]?.timings.deployMs).to.be.at.least(18);
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

  it('goes on without bail, on other pods where some broke', async () => {
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

  it('keeps the pods of what does not pass where asked to, and runs the next on others', async () => {
    const stage = fakeStage({ keep: true, deployments: fakePool(refusing) });
    const scenarios = [scenarioOf('a'), failing('b'), breaking('c'), scenarioOf('d'), scenarioOf('e')];
    const results = await runGroups(scenarios, stage);
    expect(statuses(results)).to.deep.equal(['a pass', 'b fail', 'c error', 'd pass', 'e pass']);
    const { calls, created } = stage.deployments;
    expect(calls).to.deep.equal(['acquire 1', 'keep 1', 'acquire 2', 'keep 2', 'acquire 3', 'dispose 3']);
    expect(created.map((pods) => pods.calls.includes('dispose'))).to.deep.equal([false, false, true]);
  });

  describe('with pods that are pinned to an address', () => {
    /** A topology that is another for each name, with the same address. */
    const pinnedAs = (name: string): Topology => {
      const { namespaces, ...topology } = topologyOf(name);
      const pin = (pod: Pod, index: number): Pod => (index === 0 ? { ...pod, addresses: ['192.168.77.10'] } : pod);
      return { ...topology, namespaces: namespaces.map((one) => ({ ...one, pods: one.pods.map(pin) })) };
    };

    /** Deployments that tell when they come and go. Their pods don't have the address, so that each scenario breaks. */
    const poolIn = (order: string[]) =>
      fakePool((topology) => {
        const name = topology.namespaces[0]?.name ?? '';
        order.push(`${name} begins`);
        return {
          ...refusing(topology),
          dispose: async ({ waitMs } = {}) => {
            await sleep(20);
            order.push(`${name} goes${waitMs === undefined ? '' : ', and is waited for'}`);
          },
        };
      });

    it('begins a group only when one with the same address is gone, and waits for its end', async () => {
      const order: string[] = [];
      const scenarios = ['a', 'b'].map((name) => scenarioOf(name, [{}], pinnedAs(name)));
      await runGroups(scenarios, fakeStage({ workers: 2, deployments: poolIn(order) }));
      expect(order).to.deep.equal(['a begins', 'a goes, and is waited for', 'b begins', 'b goes, and is waited for']);
    });

    it('waits for nothing where nobody else wants the address', async () => {
      const order: string[] = [];
      const scenarios = [scenarioOf('a', [{}], pinnedAs('a')), scenarioOf('b', [{}], topologyOf('b'))];
      await runGroups(scenarios, fakeStage({ workers: 2, deployments: poolIn(order) }));
      expect(order.slice(0, 2)).to.have.members(['a begins', 'b begins']);
      expect(order.slice(2)).to.have.members(['a goes', 'b goes']);
    });

    it('waits where the same group needs other pods, after something broke', async () => {
      const order: string[] = [];
      const topology = pinnedAs('a');
      await runGroups(
        [scenarioOf('a', [{}], topology), scenarioOf('b', [{}], topology)],
        fakeStage({ deployments: poolIn(order) }),
      );
      expect(order).to.deep.equal(['a begins', 'a goes, and is waited for', 'a begins', 'a goes']);
    });

    it('says so where pods that are kept have the address', async () => {
      const order: string[] = [];
      const scenarios = [scenarioOf('a', [{}], pinnedAs('a')), scenarioOf('b', [{}], pinnedAs('b'))];
      const results = await runGroups(scenarios, fakeStage({ keep: true, deployments: poolIn(order) }));
      expect(order).to.deep.equal(['a begins']);
      expect(results[1]?.status).to.equal('error');
      expect(results[1]?.steps[0]?.problem).to.equal(
        'a pod must have the address 192.168.77.10, which a pod of a, kept by --keep, still has',
      );
    });
  });

  describe('on a cluster that no longer answers', () => {
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

  it('keeps the results of the others where podreach has a defect in one', async () => {
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

  it('returns nothing for nothing', async () => {
    expect(await runGroups([], fakeStage())).to.deep.equal([]);
  });
});
