import { expect } from 'chai';
import { removeDeadBuilds } from '../../../src/cluster/images/node.ts';
import { removeLeftovers } from '../../../src/host/leftover.ts';
import { objectLeftovers } from '../../../src/host/object-leftovers.ts';
import { ownershipLabels, thisOwnership } from '../../../src/host/ownership.ts';
import { silent } from '../../../src/progress.ts';
import { ownCacheHome } from './cache-home.ts';
import { fakeEngine } from './fake-engine.ts';

describe('containers and images that are left', () => {
  ownCacheHome();
  const engine = fakeEngine();

  const build = { 'podreach/build': 'yes' };
  const deadLabels = async (changes: object = {}) => {
    const own = await thisOwnership();
    const owner = { ...own.owner, pid: 4_194_305, started: '1' };
    return ownershipLabels({ ...own, owner, ...changes });
  };

  it('of builds are removed if they are ours and of a dead process, and nothing else', async () => {
    const dead = await deadLabels();
    const alive = ownershipLabels(await thisOwnership());
    const others = await deadLabels({ home: '0123456789ab', user: 1000 });
    await engine.add('container', 'podreach-build-dead', { labels: { ...dead, ...build } });
    await engine.add('container', 'podreach-build-alive', { labels: { ...alive, ...build } });
    await engine.add('container', 'podreach-build-of-another', { labels: { ...others, ...build } });
    await engine.add('container', 'podreach-office', { labels: dead });
    await engine.add('image', 'podreach-base-dead', { labels: { ...dead, ...build } });
    await engine.add('image', 'podreach-base-alive', { labels: { ...alive, ...build } });
    // By an earlier version images inherited its one label, and so did every node of every cluster made from them.
    await engine.add('container', 'podreach-1a2b-worker', {
      labels: { podreach: 'build', 'io.x-k8s.kind.cluster': 'podreach-1a2b' },
    });
    // An image that is committed from a build's container keeps its labels, without their values.
    const emptied = Object.fromEntries(Object.keys({ ...dead, ...build }).map((name) => [name, '']));
    await engine.add('container', 'podreach-3c4d-worker', { labels: emptied });
    await engine.add('image', 'podreach-node', { labels: emptied });
    await removeDeadBuilds(silent);
    expect(await engine.containers()).to.deep.equal([
      'podreach-1a2b-worker',
      'podreach-3c4d-worker',
      'podreach-build-alive',
      'podreach-build-of-another',
      'podreach-office',
    ]);
    expect(await engine.images()).to.deep.equal(['podreach-base-alive', 'podreach-node']);
  });

  it('are noted with what Docker said if they cannot be removed, and do not stop the others', async () => {
    const labels = { ...(await deadLabels()), ...build };
    await engine.add('container', 'podreach-build-1', { labels, stuck: true });
    await engine.add('container', 'podreach-build-2', { labels });
    const notes: string[] = [];
    const found = await objectLeftovers();
    expect(found.map(({ name, why }) => `${name}: ${why}`)).to.deep.equal([
      'podreach-build-1: its process 4194305 is gone',
      'podreach-build-2: its process 4194305 is gone',
    ]);
    const failed = await removeLeftovers(found, { ...silent, note: (text) => void notes.push(text) });
    expect(failed.map(({ name }) => name)).to.deep.equal(['podreach-build-1']);
    expect(notes[0]).to.match(/^removing the container podreach-build-1: docker rm exited with 1 .*\n.*device busy/);
    expect(await engine.containers()).to.deep.equal(['podreach-build-1']);
  });

  it('count as removed if somebody else was faster', async () => {
    await engine.add('container', 'podreach-build-1', { labels: { ...(await deadLabels()), ...build } });
    const found = await objectLeftovers();
    for (let time = 0; time < 2; time += 1) expect(await removeLeftovers(found, silent)).to.deep.equal([]);
    expect(await engine.containers()).to.deep.equal([]);
  });
});
