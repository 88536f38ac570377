import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeClustersOf } from '../../../src/cluster/cluster.ts';
import { entries, record, use } from '../../../src/cluster/ledger.ts';
import { clusterLeftovers, removeAbandoned } from '../../../src/cluster/leftovers.ts';
import { createCluster, removeCluster } from '../../../src/cluster/life.ts';
import { PodreachError } from '../../../src/errors.ts';
import { type Ownership, thisOwnership } from '../../../src/host/ownership.ts';
import { ownerText, thisOwner } from '../../../src/owner.ts';
import { silent } from '../../../src/progress.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from '../host/cache-home.ts';
import { fakeEngine } from '../host/fake-engine.ts';

const images = { node: 'x', calicoManifest: '/nowhere', probe: 'none' };
const creation = { kept: true, config: 'kind: Cluster\n', progress: silent };

describe('clusters that are left', () => {
  const home = ownCacheHome();
  const engine = fakeEngine();

  /** Whose a cluster is: this user's and cache's, of a process that is gone. */
  const dead = async (changes: Partial<Ownership> = {}): Promise<Ownership> => {
    const own = await thisOwnership();
    // No process has this number: the kernel's largest is 4194304 (PID_MAX_LIMIT in linux/threads.h).
    return { ...own, owner: { ...own.owner, pid: 4_194_305, started: '1' }, ...changes };
  };

  it('are removed if their nodes say that they are ours, and of a dead process', async () => {
    await engine.addCluster('podreach-dead', await dead());
    await engine.addCluster('podreach-alive', await thisOwnership());
    await engine.addCluster('podreach-of-another', await dead({ home: '0123456789ab', user: 1000 }));
    await engine.addCluster('podreach-of-an-earlier-version');
    await engine.addCluster('somebodys-own', await dead());
    await engine.addCluster('podreach-kept', await dead());
    await record('podreach-kept', { kept: true, complete: true });
    await removeAbandoned(silent);
    expect(await engine.containers()).to.deep.equal([
      'podreach-alive-control-plane',
      'podreach-kept-control-plane',
      'podreach-of-an-earlier-version-control-plane',
      'podreach-of-another-control-plane',
      'somebodys-own-control-plane',
    ]);
  });

  it('take the files of dead processes along, and no others', async () => {
    const folder = join(home(), 'podreach');
    const gone = { ...(await thisOwner()), pid: 4_194_305, started: '1' };
    const unfinished = `artifacts/kind-k1.unfinished-${Buffer.from(ownerText(gone)).toString('base64url')}.0a1b2c`;
    await record('podreach-kept', { kept: true, complete: true });
    await use('podreach-kept');
    const users = join(folder, 'clusters/podreach-kept/users');
    const own = await readdir(users);
    await writeFile(join(users, 'dead.json'), JSON.stringify(gone));
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const path of [unfinished, 'artifacts/kind-k2', 'locks/the cluster podreach-gone.lock']) {
      await mkdir(join(folder, path), { recursive: true });
      await utimes(join(folder, path), longAgo, longAgo);
    }
    await removeAbandoned(silent);
    expect(await readdir(users)).to.deep.equal(own);
    expect(await readdir(join(folder, 'artifacts'))).to.deep.equal(['kind-k2']);
    expect(await readdir(join(folder, 'locks'))).to.deep.equal([]);
  });

  it('say why they are nobody’s, and since when', async () => {
    await engine.addCluster('podreach-dead', await dead());
    const [found, ...others] = await clusterLeftovers(silent);
    expect(others).to.deep.equal([]);
    expect(found).to.include({ what: 'cluster', name: 'podreach-dead' });
    expect(found?.why).to.equal('its process 4194305 is gone, and it is not on the ledger');
    expect(Date.now() - (found?.since?.getTime() ?? 0)).to.be.within(0, 60_000);
  });

  for (const [whose, changes] of Object.entries({
    'another user’s': { home: '0123456789ab', user: 1000, cache: '/home/ann/.cache/podreach' },
    'another cache folder’s': { home: 'ba9876543210', cache: '/srv/cache/podreach' },
  }))
    it(`are never removed to make room for a new one if they are ${whose}`, async () => {
      const other = await dead(changes);
      await engine.addCluster('podreach-same', other);
      const failure = await failureOf(createCluster('podreach-same', images, creation));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.equal(
        `a cluster podreach-same already exists, and this podreach must not remove it: it belongs to user ${other.user}, cache folder ${changes.cache}, process 4194305`,
      );
      expect(await engine.containers()).to.deep.equal(['podreach-same-control-plane']);
      expect(await entries()).to.deep.equal([]);
    });

  it('are not removed if the ledger has one of that name, and the nodes are another’s', async () => {
    await engine.addCluster('podreach-same', await dead({ home: '0123456789ab' }));
    await record('podreach-same', { kept: false, complete: true });
    const failure = await failureOf(removeCluster('podreach-same', silent));
    expect(failure.message).to.contain('this podreach must not remove it');
    expect(await engine.containers()).to.deep.equal(['podreach-same-control-plane']);
  });

  it('go with the process that they belong to, whoever created them, unless they are kept', async () => {
    const owner = await thisOwner();
    const other = { ...owner, pid: 1 };
    for (const [name, mark] of Object.entries({
      'podreach-shared': { kept: false, owner },
      'podreach-of-another': { kept: false, owner: other },
      'podreach-kept': { kept: true, owner },
    })) {
      await engine.addCluster(name, await thisOwnership());
      await record(name, { ...mark, complete: true });
    }
    await removeClustersOf(owner, silent);
    expect((await entries()).map(({ name }) => name)).to.have.members(['podreach-of-another', 'podreach-kept']);
    expect(await engine.containers()).not.to.include('podreach-shared-control-plane');
  });
});
