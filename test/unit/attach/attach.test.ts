import { expect } from 'chai';
import { attach } from '../../../src/attach/attach.ts';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { type Choice, wayOf } from '../../../src/attach/way.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { type Behaviour, fakeCluster, podObject } from './fake-cluster.ts';

const objects = ['dev/a', 'prod/b', 'prod/c'].map((endpoint) => podObject(endpoint));
const pods = objects.map((pod) => existingPod(pod, null));
const container = { name: 'podreach-abc', image: 'probe:1', lifetimeSeconds: 300 };
const times = { startMs: 50, endMs: 50 };

const waysBy = (choice: Choice) => new Map(pods.map((pod) => [pod.endpoint, wayOf(pod, choice, true)]));
const withNc: Behaviour['exec'] = () => ({ stdout: 'nc\n', stderr: '', exitCode: 0 });
const refused: Behaviour['stateOf'] = (endpoint) => {
  if (endpoint === 'prod/b') throw new PodreachError('422 no');
  return { running: {} };
};

const attached = async (choice: Choice, behaviour: Behaviour) => {
  const cluster = fakeCluster(objects, behaviour);
  return { cluster, attachment: await attach(cluster, pods, waysBy(choice), container, times) };
};

describe('attach', () => {
  it('makes each pod a source by an ephemeral container', async () => {
    const { cluster, attachment } = await attached('auto', { exec: withNc });
    expect([...attachment.ownTools.keys(), ...attachment.mute.keys()]).to.deep.equal([]);
    const source = attachment.source('prod/b');
    expect(source.endpoint).to.equal('prod/b');
    await source.exec(['true'], { deadlineMs: 100 });
    expect(cluster.done.at(-1)).to.equal('exec prod/b podreach-abc');
  });

  it("makes do with the pod's own if a container is refused, and says why", async () => {
    const argvs: (readonly string[])[] = [];
    const exec: Behaviour['exec'] = (_target, argv) => {
      argvs.push(argv);
      return { stdout: 'bash\n', stderr: '', exitCode: 0 };
    };
    const { cluster, attachment } = await attached('auto', { exec, stateOf: refused });
    const { instead, ...tool } = attachment.ownTools.get('prod/b') ?? { instead: '' };
    expect(tool).to.deep.equal({ container: 'app', connector: 'bash' });
    expect(instead).to.contain('422 no');
    await attachment.source('prod/b').exec(['probe', 'it'], { deadlineMs: 100 });
    expect(cluster.done.at(-1)).to.equal('exec prod/b app');
    expect(argvs.at(-1)?.slice(-3)).to.deep.equal(['bash', 'probe', 'it']);
    await attachment.source('prod/c').exec(['probe', 'it'], { deadlineMs: 100 });
    expect(argvs.at(-1)).to.deep.equal(['probe', 'it']);
  });

  it('uses nothing else if told so', async () => {
    const { cluster, attachment } = await attached('ephemeral', { exec: withNc, stateOf: refused });
    expect([...attachment.mute.keys()]).to.deep.equal(['prod/b']);
    expect(attachment.mute.get('prod/b')).to.contain('422 no');
    expect(() => attachment.source('prod/b')).to.throw(PodreachError, 'no probe can start from prod/b');
    expect(cluster.done.filter((one) => one.startsWith('exec'))).to.deep.equal([]);
  });

  it('adds nothing if told to exec', async () => {
    const { cluster, attachment } = await attached('exec', { exec: withNc });
    expect(cluster.patches).to.deep.equal([]);
    expect([...attachment.ownTools.keys()]).to.deep.equal(['dev/a', 'prod/b', 'prod/c']);
    expect((await attachment.detach()).size).to.equal(0);
    expect(cluster.done).to.have.length(3);
  });

  it('calls a pod mute that has nothing to probe with', async () => {
    const { attachment } = await attached('exec', { exec: () => ({ stdout: '', stderr: '', exitCode: 0 }) });
    expect([...attachment.mute.keys()]).to.have.length(3);
  });

  it('touches no pod that is not the one that was found', async () => {
    for (const choice of ['auto', 'exec'] as const) {
      const cluster = fakeCluster(objects, { exec: withNc });
      cluster.pods.set('prod/b', podObject('prod/b', { metadata: { name: 'b', namespace: 'prod', uid: 'another' } }));
      const attachment = await attach(cluster, pods, waysBy(choice), container, times);
      expect(cluster.done.filter((one) => one.includes('prod/b'))).to.deep.equal([]);
      expect(attachment.mute.get('prod/b')).to.equal('another pod has taken its place');
    }
  });

  it('ends what it has started, at the end and when it fails', async () => {
    const { cluster, attachment } = await attached('auto', {});
    expect((await attachment.detach()).size).to.equal(0);
    expect(ended(cluster)).to.deep.equal(['dev/a', 'prod/b', 'prod/c']);

    const interruption = new AbortController();
    const stateOf: Behaviour['stateOf'] = (endpoint) => {
      if (endpoint !== 'prod/c') return { running: {} };
      interruption.abort();
      throw new PodreachError('interrupted');
    };
    const broken = fakeCluster(objects, { stateOf });
    const options = { ...times, signal: interruption.signal };
    const failure = await failureOf(attach(broken, pods, waysBy('auto'), container, options));
    expect(failure.message).to.equal('interrupted');
    expect(ended(broken)).to.deep.equal(['dev/a', 'prod/b']);
  });

  it('reports which pods have changed', async () => {
    const { cluster, attachment } = await attached('auto', {});
    expect((await attachment.lost()).size).to.equal(0);
    cluster.pods.delete('dev/a');
    expect([...(await attachment.lost())]).to.deep.equal([['dev/a', 'it is gone']]);
  });

  it('runs a bounded number of commands at the same time', async () => {
    let now = 0;
    let most = 0;
    const exec: Behaviour['exec'] = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return { stdout: 'nc\n', stderr: '', exitCode: 0 };
    };
    const { attachment } = await attached('exec', { exec });
    await Promise.all(Array.from({ length: 60 }, () => attachment.source('dev/a').exec(['x'], { deadlineMs: 100 })));
    expect(most).to.equal(20);
  });
});

const ended = ({ pods: now }: ReturnType<typeof fakeCluster>): readonly string[] =>
  [...now].flatMap(([endpoint, { status }]) =>
    status?.ephemeralContainerStatuses?.some(({ state }) => state?.terminated) ? endpoint : [],
  );
