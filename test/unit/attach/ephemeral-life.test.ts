import { expect } from 'chai';
import { endContainers, startContainers } from '../../../src/attach/ephemeral-life.ts';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { type Behaviour, fakeCluster, podObject } from './fake-cluster.ts';

const endpoints = ['dev/a', 'prod/b', 'prod/c'];
const objects = endpoints.map((endpoint) => podObject(endpoint));
const pods = objects.map((pod) => existingPod(pod, null));
const container = { name: 'podreach-abc', image: 'probe:1', lifetimeSeconds: 300 };
const times = { startMs: 50, endMs: 50 };

const start = async (behaviour: Behaviour = {}) => {
  const cluster = fakeCluster(objects, behaviour);
  const failures = Object.fromEntries(await startContainers(cluster, pods, container, times));
  return { cluster, failures };
};

const refusing = (which: string): Behaviour => ({
  stateOf: (endpoint) => {
    if (endpoint === which) throw new PodreachError('403 Forbidden: admission webhook "no" denied the request');
    return { running: {} };
  },
});
const unpullable = { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } };

describe('startContainers', () => {
  it('adds the container to every pod, each for itself', async () => {
    const { cluster, failures } = await start();
    expect(failures).to.deep.equal({});
    expect(cluster.done.toSorted()).to.deep.equal(['patch dev/a', 'patch prod/b', 'patch prod/c']);
    const uids = cluster.patches.map((patch) => (patch as { metadata: { uid: string } }).metadata.uid);
    expect(uids.toSorted()).to.deep.equal(['uid-of-a', 'uid-of-b', 'uid-of-c']);
  });

  it('goes on if one pod refuses it, even the first', async () => {
    for (const which of ['dev/a', 'prod/c']) {
      const { cluster, failures } = await start(refusing(which));
      expect(Object.keys(failures)).to.deep.equal([which]);
      expect(failures[which]).to.contain('admission webhook "no" denied the request');
      expect(cluster.done).to.have.length(3);
    }
  });

  it('leaves the others alone if it does not start in the first', async () => {
    const { cluster, failures } = await start({ stateOf: () => unpullable });
    expect(cluster.done).to.deep.equal(['patch dev/a']);
    expect(Object.keys(failures).toSorted()).to.deep.equal(endpoints);
    expect(failures['dev/a']).to.equal('it does not run: ImagePullBackOff, no such image');
    expect(failures['prod/c']).to.equal('in dev/a it does not run: ImagePullBackOff, no such image');
  });

  it('does not wait until the kubelet has given up an image that it could not pull', async () => {
    const { failures } = await start({
      stateOf: () => ({ waiting: { reason: 'ErrImagePull', message: 'no such host' } }),
    });
    expect(failures['dev/a']).to.equal('it does not run: ErrImagePull, no such host');
  });

  it('reports those that do not start, and no others', async () => {
    const stateOf = (endpoint: string) =>
      endpoint === 'prod/b' ? { waiting: { reason: 'ContainerCreating' } } : { running: {} };
    const { failures } = await start({ stateOf });
    expect(failures).to.deep.equal({ 'prod/b': 'it does not run after 0.05 s: ContainerCreating' });
    const ended = await start({
      stateOf: (endpoint) => (endpoint === 'prod/c' ? { terminated: { reason: 'Error' } } : { running: {} }),
    });
    expect(ended.failures).to.deep.equal({ 'prod/c': 'it does not run: Error' });
  });

  it('does nothing if there is no pod', async () => {
    const cluster = fakeCluster([]);
    expect((await startContainers(cluster, [], container, times)).size).to.equal(0);
    expect(cluster.done).to.deep.equal([]);
  });

  it('throws when it is interrupted, and calls that no refusal', async () => {
    const interruption = new AbortController();
    const stateOf = () => {
      interruption.abort();
      throw new PodreachError('it was interrupted');
    };
    const work = startContainers(fakeCluster(objects, { stateOf }), pods, container, {
      ...times,
      signal: interruption.signal,
    });
    expect((await failureOf(work)).message).to.equal('it was interrupted');
  });
});

describe('endContainers', () => {
  const end = async (behaviour: Behaviour = {}, added = pods) => {
    const cluster = fakeCluster(objects, behaviour);
    await startContainers(cluster, added, container, times);
    cluster.done.length = 0;
    return { cluster, left: Object.fromEntries(await endContainers(cluster, pods, container.name, times)) };
  };

  it('ends each that runs', async () => {
    const { cluster, left } = await end();
    expect(left).to.deep.equal({});
    expect(cluster.done.toSorted()).to.deep.equal(endpoints.map((endpoint) => `exec ${endpoint} podreach-abc`));
  });

  it('leaves pods alone that do not have it', async () => {
    const { cluster, left } = await end({}, pods.slice(0, 1));
    expect(left).to.deep.equal({});
    expect(cluster.done).to.deep.equal(['exec dev/a podreach-abc']);
  });

  it('goes by the state, because the exec may end together with what it ends', async () => {
    const cluster = fakeCluster(objects);
    await startContainers(cluster, pods, container, times);
    const exec: typeof cluster.exec = async (...told) => {
      await cluster.exec(...told);
      throw new PodreachError('exec ended without reporting whether it succeeded');
    };
    expect((await endContainers({ ...cluster, exec }, pods, container.name, times)).size).to.equal(0);
  });

  it('reports which did not end, and which did not even start', async () => {
    expect((await end({ ends: false }, pods.slice(0, 1))).left).to.deep.equal({ 'dev/a': 'is still running' });
    const { cluster, left } = await end({ stateOf: () => unpullable });
    expect(left).to.deep.equal({ 'dev/a': 'has not started yet' });
    expect(cluster.done).to.deep.equal([]);
  });

  it('never throws', async () => {
    const fail = () => Promise.reject(new PodreachError('the API server is away'));
    const cluster = { ...fakeCluster(objects), waitFor: fail, exec: fail };
    expect([...(await endContainers(cluster, pods, container.name, times)).keys()]).to.deep.equal(endpoints);
  });
});
