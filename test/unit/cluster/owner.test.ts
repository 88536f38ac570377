import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { isBeforeRestart, isDead, ownerText, parseOwner, thisOwner } from '../../../src/cluster/owner.ts';

describe('owner', () => {
  const kill = process.kill;
  afterEach(() => {
    process.kill = kill;
  });

  it('is this process, which is not dead', async () => {
    const owner = await thisOwner();
    expect(owner).to.include({ pid: process.pid });
    expect(owner.place).to.match(/^\S+$/);
    expect(await isDead(owner)).to.equal(false);
  });

  it('knows since when the process runs, whatever its name is', async function () {
    if (process.platform !== 'linux') return this.skip();
    const [upSeconds] = (await readFile('/proc/uptime', 'utf8')).split(' ').map(Number);
    const { title } = process;
    try {
      process.title = 'a) 1 2 (b';
      expect(await readFile('/proc/self/stat', 'utf8')).to.contain('a) 1 2 (b');
      // proc_pid_stat(5): clock ticks since boot, a hundred each second on Linux.
      const aliveSeconds = (upSeconds ?? 0) - Number((await thisOwner()).started) / 100;
      expect(aliveSeconds).to.be.closeTo(process.uptime(), 5);
    } finally {
      process.title = title;
    }
  });

  it('is dead when its process has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    expect(await isDead({ ...(await thisOwner()), pid: child.pid ?? 0, started: '1' })).to.equal(true);
  });

  it('is dead when another process got its number', async () => {
    const owner = await thisOwner();
    expect(await isDead({ ...owner, started: `${owner.started}1` })).to.equal(true);
  });

  it("is never dead for certain elsewhere, nor behind another user's right to it", async () => {
    const { place } = await thisOwner();
    expect(await isDead({ place: `not-${place}`, pid: process.pid, started: 'never' })).to.equal(false);
    process.kill = () => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    };
    expect(await isDead({ ...(await thisOwner()), started: 'never' })).to.equal(false);
  });

  it('was before a restart when the boot is another, and not when only the process namespace is', async function () {
    const owner = await thisOwner();
    const [boot, namespace] = owner.place.split('/');
    if (namespace === undefined) return this.skip();
    expect(await isBeforeRestart(owner)).to.equal(false);
    expect(await isBeforeRestart({ ...owner, place: `${boot}/pid:[1]` })).to.equal(false);
    expect(await isBeforeRestart({ ...owner, place: `00000000-0000/${namespace}` })).to.equal(true);
  });

  it('is read as it was written', () => {
    expect(ownerText({ place: 'here', pid: 12, started: '345' })).to.equal('here 12 345');
    expect(parseOwner('here 12 345')).to.deep.equal({ place: 'here', pid: 12, started: '345' });
    const owners = fc.record({
      place: fc.stringMatching(/^[a-zA-Z0-9./:[\]-]{1,20}$/),
      pid: fc.nat(),
      started: fc.oneof(fc.constant(''), fc.nat().map(String)),
    });
    fc.assert(
      fc.property(owners, (owner) => {
        expect(parseOwner(ownerText(owner))).to.deep.equal(owner);
      }),
    );
  });

  for (const text of [
    undefined,
    '',
    'here',
    'here 12',
    'here x 345',
    'here 12 345 6',
    ' 12 345',
    'here 12 34x',
    'a b 1 2',
  ])
    it(`is not read from ${JSON.stringify(text)}`, () => {
      expect(parseOwner(text)).to.equal(undefined);
    });
});
