import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  abandoned,
  entries,
  find,
  kubeconfigOf,
  record,
  remains,
  strike,
  use,
  usersOf,
} from '../../../src/cluster/ledger.ts';
import { type Owner, thisOwner } from '../../../src/owner.ts';
import { ownCacheHome } from '../host/cache-home.ts';

describe('ledger', () => {
  const home = ownCacheHome();
  /** No process has this number: the kernel's largest is 4194304 (PID_MAX_LIMIT in linux/threads.h). */
  const deadOwner = async (): Promise<Owner> => ({ ...(await thisOwner()), pid: 4_194_305, started: '1' });

  const write = async (name: string, owner: Owner, kept: boolean, complete: boolean) => {
    const folder = join(home(), 'podreach', 'clusters', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'entry.json'), JSON.stringify({ name, owner, kept, complete }));
  };
  const namesOf = (list: readonly { name: string }[]) => list.map(({ name }) => name).sort();

  it('is empty at first', async () => {
    expect(await entries()).to.deep.equal([]);
    expect(await abandoned()).to.deep.equal([]);
    expect(await find('podreach-1')).to.equal(undefined);
  });

  it('holds what was recorded last, until it is struck off', async () => {
    await record('podreach-1', { kept: true, complete: false });
    await record('podreach-2', { kept: false, complete: false });
    await record('podreach-1', { kept: true, complete: true });
    expect(namesOf(await entries())).to.deep.equal(['podreach-1', 'podreach-2']);
    const owner = await thisOwner();
    expect(await find('podreach-1')).to.deep.equal({ name: 'podreach-1', owner, kept: true, complete: true });
    await strike('podreach-1');
    expect(namesOf(await entries())).to.deep.equal(['podreach-2']);
    await strike('podreach-1');
  });

  it('keeps kubeconfigs in the cache, in folders that are their user’s alone, and removes them with the entry', async () => {
    await record('podreach-1', { kept: true, complete: true });
    const kubeconfig = kubeconfigOf('podreach-1');
    expect(kubeconfig).to.equal(join(home(), 'podreach/clusters/podreach-1/kubeconfig'));
    expect(((await stat(join(kubeconfig, '..'))).mode & 0o777).toString(8)).to.equal('700');
    await writeFile(kubeconfig, 'secret');
    await strike('podreach-1');
    expect(await stat(kubeconfig).catch(() => 'gone')).to.equal('gone');
  });

  it('passes over an entry that was cut off', async () => {
    await record('podreach-1', { kept: true, complete: true });
    await writeFile(join(home(), 'podreach/clusters/podreach-1/entry.json'), '{"name": "podr');
    expect(await entries()).to.deep.equal([]);
  });

  it('knows who uses a cluster, as long as he lives and uses it', async () => {
    await record('podreach-1', { kept: true, complete: true });
    expect(await usersOf('podreach-1')).to.deep.equal([]);
    const [first, second] = [await use('podreach-1'), await use('podreach-1')];
    expect(await usersOf('podreach-1')).to.deep.equal([process.pid, process.pid]);
    await first?.();
    expect(await usersOf('podreach-1')).to.deep.equal([process.pid]);
    await writeFile(join(home(), 'podreach/clusters/podreach-1/users/x.json'), JSON.stringify(await deadOwner()));
    await second?.();
    expect(await usersOf('podreach-1')).to.deep.equal([]);
  });

  it('passes over a folder without an entry', async () => {
    await mkdir(join(home(), 'podreach/clusters/podreach-3'), { recursive: true });
    expect(await entries()).to.deep.equal([]);
  });

  it('calls abandoned what a dead run left, except what it kept and completed', async () => {
    const alive = await thisOwner();
    const dead = await deadOwner();
    for (const [state, owner] of [
      ['dead', dead],
      ['alive', alive],
    ] as const) {
      await write(`${state}-own`, owner, false, true);
      await write(`${state}-own-half`, owner, false, false);
      await write(`${state}-kept`, owner, true, true);
      await write(`${state}-kept-half`, owner, true, false);
    }
    await write('elsewhere', { ...dead, place: 'another-machine' }, false, false);
    await write('before-restart', { ...dead, place: 'another-boot/pid:[1]' }, false, false);
    await write('another-machine', { ...dead, place: 'another-boot/pid:[1]', machine: 'abc' }, false, false);
    const { machine: _, ...unsaid } = dead;
    await write('earlier-version', { ...unsaid, place: 'another-boot/pid:[1]' }, false, false);
    await write('number-used-again', { ...alive, started: `${alive.started}1` }, false, true);
    expect(namesOf(await abandoned())).to.deep.equal([
      'before-restart',
      'dead-kept-half',
      'dead-own',
      'dead-own-half',
      'earlier-version',
      'number-used-again',
    ]);
  });

  it('remembers the process that creates the cluster until it is complete', async () => {
    const creator = { ...(await thisOwner()), pid: 4711 };
    await record('podreach-1', { kept: true, complete: false, creator });
    expect((await find('podreach-1'))?.creator).to.deep.equal(creator);
    await record('podreach-1', { kept: true, complete: true });
    expect((await find('podreach-1'))?.creator).to.equal(undefined);
  });

  it('finds the users that are gone, and what belongs to no cluster any more, once it is a minute old', async () => {
    const clusters = join(home(), 'podreach/clusters');
    expect(await remains()).to.deep.equal([]);
    await record('podreach-1', { kept: true, complete: true });
    await use('podreach-1');
    await mkdir(join(clusters, 'podreach-2'));
    await writeFile(join(clusters, 'podreach-1/users/half.json'), '{"na');
    await writeFile(join(clusters, 'podreach-1/entry.json.4711'), '{"na');
    expect(await remains()).to.deep.equal([]);
    const [owner, path] = [await deadOwner(), join(clusters, 'podreach-1/users/dead.json')];
    await writeFile(path, JSON.stringify(owner));
    expect(await remains()).to.deep.equal([{ path, owner, why: 'its process is gone' }]);
    const before = new Date(Date.now() - 61_000);
    const all = await readdir(clusters, { recursive: true });
    for (const path of all) await utimes(join(clusters, path), before, before);
    const users = ['podreach-1/users/dead.json', 'podreach-1/users/half.json'];
    const expected = ['podreach-1/entry.json.4711', ...users, 'podreach-2'];
    const found = (await remains()).map(({ path }) => path);
    expect(found.toSorted()).to.deep.equal(expected.map((path) => join(clusters, path)));
  });
});
