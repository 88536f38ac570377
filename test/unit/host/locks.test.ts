import { mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { deadLocks, exclusively, removeDeadLock } from '../../../src/host/locks.ts';
import { silent } from '../../../src/progress.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from './cache-home.ts';

describe('exclusively', () => {
  const home = ownCacheHome();

  it('runs one after the other, and says that it waits', async () => {
    const events: string[] = [];
    const notes: string[] = [];
    const begun = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const passed = Promise.withResolvers<void>();
    const note = (text: string) => {
      notes.push(text);
      told.resolve();
    };
    const progress = { ...silent, note };
    const first = exclusively('the image build', progress, async () => {
      events.push('first begins');
      begun.resolve();
      await Promise.all([told.promise, passed.promise]);
      events.push('first ends');
      return 1;
    });
    await begun.promise;
    const other = exclusively('another thing', progress, async () => void events.push('other'));
    const second = exclusively('the image build', progress, async () => {
      events.push('second');
      return 2;
    });
    await other.then(passed.resolve);
    expect(await Promise.all([first, second])).to.deep.equal([1, 2]);
    expect(events).to.deep.equal(['first begins', 'other', 'first ends', 'second']);
    expect(notes).to.deep.equal(['another podreach is busy with the image build; waiting for it']);
  });

  it('lets the next one in after work that failed', async () => {
    const broken = new PodreachError('no');
    expect(await failureOf(exclusively('the build', silent, () => Promise.reject(broken)))).to.equal(broken);
    const notes: string[] = [];
    const progress = { ...silent, note: (text: string) => void notes.push(text) };
    expect(await exclusively('the build', progress, async () => 'done')).to.equal('done');
    expect(notes).to.deep.equal([]);
  });

  it('says so when the disk is full', async () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const failure = await failureOf(exclusively('the build', silent, () => Promise.reject(full)));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.equal('the build: the disk is full');
    expect(failure.hint).to.contain(join(home(), 'podreach'));
  });

  it('holds its lock within the cache', async () => {
    await exclusively('the build', silent, async () => {
      expect((await stat(join(home(), 'podreach/locks/the build.lock'))).isDirectory()).to.equal(true);
    });
  });

  it('leaves nothing of its lock', async () => {
    await exclusively('the build', silent, async () => {});
    expect(await readdir(join(home(), 'podreach/locks'))).to.deep.equal([]);
  });

  it('knows the locks of dead processes, and removes them unless somebody takes them over first', async () => {
    const folder = join(home(), 'podreach/locks');
    const [old, taken] = ['the cluster a.lock', 'the cluster b.lock'].map((name) => join(folder, name));
    const before = new Date(Date.now() - 60_000);
    for (const path of [old, taken]) {
      await mkdir(path as string, { recursive: true });
      await utimes(path as string, before, before);
    }
    await exclusively('the cleanup', silent, async () => {
      const dead = await deadLocks();
      expect([...dead].sort()).to.deep.equal([old, taken]);
      await exclusively('the cluster b', silent, async () => {
        for (const path of dead) await removeDeadLock(path);
        expect((await readdir(folder)).sort()).to.deep.equal(['the cleanup.lock', 'the cluster b.lock']);
      });
    });
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
