import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { isBeforeRestart, isDead, isGone, ownerText, parseOwner, thisMachine, thisOwner } from '../../src/owner.ts';

/** Elsewhere there is no /proc to read it from. */
const isLinux = process.platform === 'linux';

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

  if (isLinux)
    it('knows since when the process runs, whatever its name is', async () => {
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

  if (isLinux)
    it('is gone with an earlier boot of the same machine, wherever on it, and of no other machine', async () => {
      const owner = await thisOwner();
      const [boot, namespace] = owner.place.split('/');
      const earlier = { ...owner, place: `00000000-0000/${namespace}` };
      const inContainer = { ...owner, place: '00000000-0000/pid:[1]' };
      for (const gone of [earlier, inContainer]) {
        expect(await isBeforeRestart(gone)).to.equal(true);
        expect(await isGone(gone)).to.equal(true);
        expect(await isDead(gone)).to.equal(false);
      }
      // What an earlier version wrote does not say which machine it was.
      const { machine: _, ...unsaid } = earlier;
      for (const other of [owner, { ...owner, place: `${boot}/pid:[1]` }, { ...earlier, machine: 'abc' }, unsaid]) {
        expect(await isBeforeRestart(other)).to.equal(false);
        expect(await isGone(other)).to.equal(false);
      }
    });

  it('reports its machine by a hash, the same each time, that does not show the id of the system', async () => {
    const machine = await thisMachine();
    expect(machine).to.match(/^[0-9a-f]{12}$/);
    expect(await thisMachine()).to.equal(machine);
    const id = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
    if (id !== '') expect(id).not.to.contain(machine);
  });

  it('is read as it was written', () => {
    expect(ownerText({ place: 'here', pid: 12, started: '345' })).to.equal('here 12 345');
    expect(parseOwner('here 12 345')).to.deep.equal({ place: 'here', pid: 12, started: '345' });
    expect(ownerText({ place: 'here', pid: 12, started: '', machine: 'abc' })).to.equal('here 12  abc');
    expect(parseOwner('here 12  abc')).to.deep.equal({ place: 'here', pid: 12, started: '', machine: 'abc' });
    const owners = fc.record(
      {
        place: fc.stringMatching(/^[a-zA-Z0-9./:[\]-]{1,20}$/),
        pid: fc.nat(),
        started: fc.oneof(fc.constant(''), fc.nat().map(String)),
        machine: fc.stringMatching(/^[0-9a-f]{12}$/),
      },
      { requiredKeys: ['place', 'pid', 'started'] },
    );
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
    'here 12 345 6 7',
    'here 12 345 no-machine',
    ' 12 345',
    'here 12 34x',
    'a b 1 2',
  ])
    it(`is not read from ${JSON.stringify(text)}`, () => {
      expect(parseOwner(text)).to.equal(undefined);
    });
});
