import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { podreach, start } from './door.ts';

/** The names of podreach's node containers, running or not. */
const nodes = async (): Promise<string[]> => {
  const { stdout } = await execa('docker', ['ps', '--all', '--filter', 'name=^podreach-', '--format', '{{.Names}}']);
  return stdout
    .split('\n')
    .filter((name) => name !== '')
    .sort();
};

/** Waits until the process has said something on standard error. */
const said = (running: ReturnType<typeof start>, words: RegExp): Promise<void> =>
  new Promise((resolve, reject) => {
    let text = '';
    running.stderr.on('data', (chunk) => {
      text += String(chunk);
      if (words.test(text)) resolve();
    });
    running.stderr.on('end', () => reject(new Error(`it ended without saying ${words}:\n${text}`)));
  });

describe('the cluster', () => {
  it('is brought up once: a second `cluster up` finds it', async () => {
    const first = await podreach('cluster', 'up');
    expect(first.exitCode, first.all).to.equal(0);
    const before = await nodes();
    const second = await podreach('cluster', 'up');
    expect(second.stdout).to.equal(first.stdout);
    expect(second.stderr).to.contain('which is up');
    expect(await nodes()).to.deep.equal(before);
  });

  it('leaves nothing of a run behind, neither pods nor a cluster, when the run is interrupted', async () => {
    const before = await nodes();
    const running = start('run', '--keep', 'scenarios/deny-all');
    await said(running, /proving that the cluster enforces policies …/);
    running.kill('SIGINT');
    const { exitCode, all } = await running;
    expect(exitCode, all).to.equal(130);
    expect(await nodes()).to.deep.equal(before);
    const kubeconfig = /--kubeconfig (\S+)/.exec((await podreach('cluster', 'up')).stdout)?.[1] ?? '';
    const left = async () => {
      const args = [
        '--kubeconfig',
        '/etc/kubernetes/admin.conf',
        'get',
        'namespaces',
        '-l',
        'podreach/run',
        '-o',
        'name',
      ];
      const controlPlane = before.find(
        (name) => name.endsWith('-control-plane') && kubeconfig.includes(name.replace('-control-plane', '')),
      );
      return (await execa('docker', ['exec', controlPlane ?? '', 'kubectl', ...args])).stdout;
    };
    const deadline = Date.now() + 60_000;
    while ((await left()) !== '' && Date.now() < deadline) await sleep(500);
    expect(await left()).to.equal('');
  });

  it('says exactly that the cluster went away when it does in the middle, exits 2, and cleans up', async () => {
    const before = await nodes();
    const config = new URL('single-node.yaml', import.meta.url).pathname;
    const running = start('run', '--config', config, 'scenarios/deny-all', 'scenarios/complex-policy');
    await said(running, /proving that the cluster enforces policies …/);
    const [own] = (await nodes()).filter((name) => !before.includes(name));
    await execa('docker', ['kill', own ?? '']);
    const { exitCode, stderr } = await running;
    expect(exitCode, stderr).to.equal(2);
    expect(stderr, stderr).to.contain('the cluster stopped answering in the middle of the run');
    expect(stderr).to.contain('hint:');
    expect(await nodes()).to.deep.equal(before);
  });

  it('removes what a run left that was killed', async () => {
    const before = await nodes();
    const config = new URL('single-node.yaml', import.meta.url).pathname;
    const running = start('run', '--config', config, 'scenarios/deny-all');
    await said(running, /installing Calico/);
    running.kill('SIGKILL');
    await running;
    expect(await nodes()).to.have.length(before.length + 1);
    expect((await podreach('cluster', 'up')).exitCode).to.equal(0);
    expect(await nodes()).to.deep.equal(before);
  });
});
