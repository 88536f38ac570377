import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { thisOwnership } from '../../src/host/ownership.ts';
import { processOwner } from '../../src/owner.ts';
import { ownCacheHome } from '../unit/host/cache-home.ts';
import { fakeEngine } from '../unit/host/fake-engine.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

const WITHIN_MS = 15_000;

const until = async (hasCome: () => Promise<boolean>, withinMs = WITHIN_MS): Promise<boolean> => {
  for (const endMs = Date.now() + withinMs; Date.now() < endMs; await sleep(20)) if (await hasCome()) return true;
  return false;
};

const GUARDED = `
import { runAfterEnd } from '${import.meta.resolve('../../src/host/guardian.ts')}';
const [file, what] = process.argv.slice(1);
const callOff = runAfterEnd(['/bin/sh', '-c', 'echo "$2" >>"$1"', 'sh', file, what]);
if (what === 'called-off') callOff();
if (what === 'exit') process.exit(0);
if (what === 'killed' || what === 'interrupted') setInterval(() => {}, 1000);
console.log('guarded');
`;

/** Starts a process with a guardian, in a process group of its own. */
const guarded = (file: string, what: string) =>
  execa(process.execPath, ['--input-type=module', '--eval', GUARDED, file, what], { reject: false, detached: true });

/** Ends it once it says that it has a guardian. */
const struck = async (file: string, what: string, strike: (pid: number) => void) => {
  const running = guarded(file, what);
  running.stdout.once('data', () => strike(running.pid as number));
  return running;
};

const linesOf = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).trim().split('\n').sort();

describe('the guardian of a process', () => {
  it('does its work once the process has ended, however that came, and not if it was called off', async () => {
    await inFolder({}, async (folder) => {
      const file = join(folder, 'done');
      const [calledOff] = await Promise.all([
        guarded(file, 'called-off'),
        guarded(file, 'exit'),
        // Nor does it keep the process from ending.
        guarded(file, 'end'),
        struck(file, 'killed', (pid) => process.kill(pid, 'SIGKILL')),
        struck(file, 'interrupted', (pid) => process.kill(-pid, 'SIGINT')),
      ]);
      expect(calledOff.exitCode).to.equal(0);
      const all = ['end', 'exit', 'interrupted', 'killed'];
      await until(async () => (await linesOf(file)).length >= all.length);
      await sleep(200);
      expect(await linesOf(file)).to.deep.equal(all);
    });
  });
});

const MAIN = `
import { mochaGlobalSetup } from '${import.meta.resolve('../../src/mocha/shared-cluster.ts')}';
await mochaGlobalSetup();
setInterval(() => {}, 1000);
console.log('ready');
`;

describe('the shared cluster of mocha --parallel', () => {
  ownCacheHome();
  const engine = fakeEngine();

  it("goes when mocha's main process is killed, and no other does", async function () {
    this.timeout(60_000);
    const running = execa(process.execPath, ['--input-type=module', '--eval', MAIN], { reject: false });
    await new Promise((resolve) => running.stdout.once('data', resolve));
    const own = await thisOwnership();
    const other = { ...own.owner, pid: 4_194_305, started: '1' };
    await engine.addCluster('podreach-shared', { ...own, owner: await processOwner(running.pid as number) });
    await engine.addCluster('podreach-alive', own);
    await engine.addCluster('podreach-dead', { ...own, owner: other });
    running.kill('SIGKILL');
    await running;
    await until(async () => (await engine.containers()).length < 3, 30_000);
    expect(await engine.containers()).to.deep.equal(['podreach-alive-control-plane', 'podreach-dead-control-plane']);
  });
});
