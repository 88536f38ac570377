import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { entries } from '../../src/cluster/ledger.ts';
import { removeAbandoned } from '../../src/cluster/leftovers.ts';
import { silent } from '../../src/progress.ts';
import { ownCacheHome } from '../unit/host/cache-home.ts';
import { fakeEngine } from '../unit/host/fake-engine.ts';

/** A podreach of its own that brings a cluster up, to be killed. */
const CREATING = `
import { createCluster } from '${import.meta.resolve('../../src/cluster/life.ts')}';
const config = 'kind: Cluster\\nnodes:\\n  - role: control-plane\\n  - role: worker\\n  - role: worker\\n';
const progress = { note: () => {}, during: (_what, work) => work() };
await createCluster(process.argv[1], { node: 'x', calicoManifest: '/nowhere', probe: 'none' }, { kept: false, config, progress });
`;

describe('clusters that are left', () => {
  ownCacheHome();
  const engine = fakeEngine();

  it('are none, whenever a run is killed while kind creates its nodes', async function () {
    this.timeout(60_000);
    const moments: Readonly<Record<string, (name: string) => Promise<boolean>>> = {
      begun: async (name) => (await engine.creators()).has(name),
      'one-node': async (name) => (await engine.containers()).some((node) => node.startsWith(name)),
    };
    const runs = Object.entries(moments).map(async ([moment, hasCome]) => {
      const running = execa(process.execPath, ['--input-type=module', '--eval', CREATING, `podreach-${moment}`], {
        reject: false,
      });
      for (const deadline = Date.now() + 30_000; !(await hasCome(`podreach-${moment}`)); await sleep(5))
        if (Date.now() > deadline) expect.fail(`${moment} never came`);
      running.kill('SIGKILL');
      await running;
    });
    await Promise.all(runs);
    await removeAbandoned(silent);
    expect(await engine.containers()).to.deep.equal([]);
    expect(await entries()).to.deep.equal([]);
    // Nor will there be any: kind, which outlives podreach and would go on, has been ended.
    const creators = await engine.creators();
    expect([...creators.keys()]).to.include('podreach-one-node');
    for (const pid of creators.values()) expect(await stateOf(pid)).to.match(/^[ZX]?$/);
  });
});

/** The state of a process; '' where there is none. One that ended stays as Z until its parent has looked. */
const stateOf = async (pid: number): Promise<string> =>
  /\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1] ?? '';
