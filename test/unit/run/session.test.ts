import { expect } from 'chai';
import type { Lease } from '../../../src/cluster/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { silent } from '../../../src/progress.ts';
import { NotRemovedError, type onStage } from '../../../src/run/on-stage.ts';
import { openSession } from '../../../src/run/session.ts';
import { failureOf } from '../failure-of.ts';
import { type FakeStage, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';
import { pinned, withPods } from './group-fixture.ts';

const chosen = { timeoutMs: 2_000, retries: 0, recording: false };

/** A session on a stage in memory, and what becomes of its cluster. */
const sessionOn = (stage: FakeStage = fakeStage(), changes: Partial<Lease> = {}, cleanUp = () => {}) => {
  const events: string[] = [];
  const lease: Lease = {
    cluster: { name: 'x', kubeconfig: '/nowhere', probeImage: 'x' },
    stays: true,
    release: async () => void events.push('released'),
    ...changes,
  };
  const onFake: typeof onStage = async (_lease, { signal }, work) => {
    const broken = new AbortController();
    const both = AbortSignal.any([signal, broken.signal]);
    const abort = () => broken.abort();
    await work({ ...stage, signal: both, abort }).finally(() => events.push('cleaned up'));
    cleanUp();
  };
  const leaseCluster = async () => {
    events.push('leased');
    return lease;
  };
  const session = openSession(leaseCluster, { settleTimeoutMs: 1, timeoutMs: 1, progress: silent }, onFake);
  return { session, events, calls: stage.deployments.calls };
};

describe('a session', () => {
  it('runs scenarios one after the other on one lease, and gives the pods to the next that begins with the same', async () => {
    const { session, events, calls } = sessionOn();
    const other = topologyOf('other');
    const scenarios = [scenarioOf('a'), scenarioOf('b', [{ deny: true }]), scenarioOf('c', [{}], other)];
    const results = await Promise.all(scenarios.map((scenario) => session.run(scenario, chosen)));
    expect(results.map(({ name, status }) => `${name} ${status}`)).to.deep.equal(['a pass', 'b pass', 'c pass']);
    expect(calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2']);
    await session.close();
    expect(events).to.deep.equal(['leased', 'cleaned up', 'released']);
  });

  it('gives the pods to one of which a few pods differ, but not if it pins any to an address', async () => {
    const { session, calls } = sessionOn();
    const topologies = [topologyOf(), withPods('extra'), withPods('extra', 'more'), pinned(withPods('extra'))];
    const scenarios = topologies.map((topology, at) => scenarioOf(`s${at}`, [{}], topology));
    await Promise.all(scenarios.slice(0, 3).map((scenario) => session.run(scenario, chosen)));
    expect(calls).to.deep.equal(['acquire 1']);
    await Promise.all(scenarios.slice(3).map((scenario) => session.run(scenario, chosen)));
    expect(calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2', 'dispose 2']);
    await session.close();
  });

  it('runs a scenario again on the same pods, and reports each step as it ends', async () => {
    const { session, calls } = sessionOn();
    const told: string[] = [];
    const events = { onStepEnd: ({ name }: { name: string }) => void told.push(name), onScenarioEnd: () => {} };
    const twoSteps = scenarioOf('a', [{}, { deny: true }]);
    await session.run(twoSteps, chosen, events);
    await session.run(twoSteps, chosen, events);
    expect(told).to.deep.equal(['step 1', 'step 2', 'step 1', 'step 2']);
    expect(calls).to.deep.equal(['acquire 1']);
    await session.close();
  });

  it('says what broke the stage, even if a scenario ends first because of that', async () => {
    const stage = fakeStage();
    Object.assign(stage.deployments, { acquire: () => Promise.reject(new PodreachError('the run was interrupted')) });
    const lease: Lease = {
      cluster: { name: 'x', kubeconfig: '/nowhere', probeImage: 'x' },
      ...{ stays: true, release: async () => {} },
    };
    const breaking: typeof onStage = async (_lease, _options, work) => {
      await work({ ...stage, signal: AbortSignal.abort() });
      throw new PodreachError('no node enforces policies');
    };
    const options = { settleTimeoutMs: 1, timeoutMs: 1, progress: silent };
    const session = openSession(async () => lease, options, breaking);
    expect((await failureOf(session.run(scenarioOf('a'), chosen))).message).to.equal('no node enforces policies');
    await session.close();
  });

  it('makes pods that do not come up the result of their scenario alone', async () => {
    const stage = fakeStage();
    const { acquire } = stage.deployments;
    let tries = 0;
    Object.assign(stage.deployments, {
      acquire: (topology: never) => {
        tries += 1;
        if (tries === 1) throw new PodreachError('no place');
        return acquire(topology);
      },
    });
    const { session } = sessionOn(stage);
    const told: string[] = [];
    const events = { onStepEnd: ({ status }: { status: string }) => void told.push(status), onScenarioEnd: () => {} };
    const first = await session.run(scenarioOf('a'), chosen, events);
    const second = await session.run(scenarioOf('b'), chosen, events);
    expect(told).to.deep.equal(['error', 'pass']);
    expect([first.status, first.steps[0]?.problem, second.status]).to.deep.equal(['error', 'no place', 'pass']);
    await session.close();
  });

  it('ends what is running when it is closed, before anything is cleaned up', async () => {
    const waits = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const stage = fakeStage();
    Object.assign(stage.deployments, {
      acquire: () => {
        begun.resolve();
        return waits.promise.then(() => Promise.reject(new PodreachError('interrupted')));
      },
    });
    const { session, events } = sessionOn(stage);
    const running = failureOf(session.run(scenarioOf('a'), chosen));
    await begun.promise;
    const closing = session.close();
    expect(events).to.deep.equal(['leased']);
    waits.resolve();
    await closing;
    expect((await running).message).to.equal('interrupted');
    expect(events).to.deep.equal(['leased', 'cleaned up', 'released']);
    expect((await failureOf(session.run(scenarioOf('b'), chosen))).message).to.contain('closed');
  });

  it('rejects every scenario with the reason if there is no cluster, and then closes quietly', async () => {
    const options = { settleTimeoutMs: 1, timeoutMs: 1, progress: silent };
    const session = openSession(() => Promise.reject(new PodreachError('no engine')), options);
    for (const name of ['a', 'b'])
      expect((await failureOf(session.run(scenarioOf(name), chosen))).message).to.equal('no engine');
    await session.close();
  });

  it('reports what it could not remove', async () => {
    const { session } = sessionOn(fakeStage(), {}, () => {
      throw new NotRemovedError('this run could not remove everything that it created: prod-x is still there');
    });
    await session.run(scenarioOf('a'), chosen);
    expect((await failureOf(session.close())).message).to.contain('prod-x is still there');
  });

  it('reports a cluster that could not be given back', async () => {
    const { session } = sessionOn(fakeStage(), { release: () => Promise.reject(new PodreachError('nodes are left')) });
    await session.run(scenarioOf('a'), chosen);
    expect((await failureOf(session.close())).message).to.equal('nodes are left');
  });
});
