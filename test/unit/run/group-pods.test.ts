import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { Status } from '../../../src/matrix/index.ts';
import { createGroupPods } from '../../../src/run/group-pods.ts';
import type { Held } from '../../../src/run/pinned.ts';
import { failureOf } from '../failure-of.ts';
import { fakeDeployment, fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const TOPOLOGY = topologyOf();

const ended = (status: Status) => ({ name: 'a', file: '', status, timings: {}, steps: [] });

const podsOf = ({ keep = false, pool = fakePool() } = {}) => {
  const { notes, ...stage } = fakeStage({ deployments: pool, keep });
  const held: Held = new Map();
  const pods = createGroupPods([scenarioOf('a')], { ...stage, contested: false, held });
  return { calls: pool.calls, pods, notes };
};

describe('the pods of a group', () => {
  it('come up once for scenarios that pass or fail, and go at the end', async () => {
    const { calls, pods } = podsOf();
    const first = await pods.acquire(TOPOLOGY);
    await pods.release(ended('pass'), { isLast: false });
    await pods.release(ended('fail'), { isLast: false });
    const second = await pods.acquire(TOPOLOGY);
    expect(second).to.deep.equal({ pods: first.pods, deployMs: 0 });
    await pods.dispose();
    await pods.dispose();
    expect(calls).to.deep.equal(['acquire 1', 'dispose 1']);
  });

  it('go after a scenario that broke on them, and others come up for the next', async () => {
    const { calls, pods } = podsOf();
    await pods.acquire(TOPOLOGY);
    await pods.release(ended('error'), { isLast: false });
    await pods.acquire(TOPOLOGY);
    expect(calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2']);
  });

  it('stay for the user if a scenario does not pass and --keep asks for it', async () => {
    for (const status of ['fail', 'error'] as const) {
      const { calls, pods } = podsOf({ keep: true });
      await pods.acquire(TOPOLOGY);
      await pods.release(ended(status), { isLast: true });
      await pods.dispose();
      expect(calls).to.deep.equal(['acquire 1', 'keep 1']);
    }
  });

  it('that do not come up leave nothing to dispose of', async () => {
    const refusal = new PodreachError('no room');
    const pool = fakePool(() => {
      throw refusal;
    });
    const { calls, pods } = podsOf({ pool });
    expect(await failureOf(pods.acquire(TOPOLOGY))).to.equal(refusal);
    await pods.dispose();
    expect(calls).to.deep.equal(['acquire 1']);
  });

  it('that cannot be removed are noted, and change no result', async () => {
    const pool = fakePool((topology) => ({
      ...fakeDeployment(topology),
      dispose: () => Promise.reject(new PodreachError('the API server does not answer')),
    }));
    const { pods, notes } = podsOf({ pool });
    await pods.acquire(TOPOLOGY);
    await pods.dispose();
    expect(notes).to.deep.equal(['the API server does not answer']);
  });
});
