import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { keptKubeconfig, podreach, said, start } from '../door.ts';

/** The names of podreach's node containers, running or not. */
const nodes = async (): Promise<string[]> => {
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--filter',
    'label=io.x-k8s.kind.cluster',
    '--format',
    '{{.Names}}',
  ]);
  return stdout
    .split('\n')
    .filter((name) => name !== '')
    .sort();
};

/** The namespaces of runs in a cluster, as its control plane lists them. */
const namespacesOfRuns = async (controlPlane: string): Promise<string> => {
  const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  const list = ['get', 'namespaces', '-l', 'podreach/run', '-o', 'name'];
  return (await execa('docker', ['exec', controlPlane, ...kubectl, ...list])).stdout;
};

describe('the cluster', () => {
  it('is brought up once: a second `cluster up` finds it', async () => {
    const first = await podreach('cluster', 'up');
    expect(first.exitCode, first.all).to.equal(0);
    const before = await nodes();
    const second = await podreach('cluster', 'up');
    expect(second.stdout).to.equal(first.stdout);
    expect(second.stderr).to.contain('which is already up');
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
    const kubeconfig = await keptKubeconfig();
    const controlPlane = before.find(
      (name) => name.endsWith('-control-plane') && kubeconfig.includes(name.replace('-control-plane', '')),
    );
    const left = () => namespacesOfRuns(controlPlane ?? '');
    const deadline = Date.now() + 60_000;
    while ((await left()) !== '' && Date.now() < deadline) await sleep(500);
    expect(await left()).to.equal('');
  });

  it('leaves nothing of a cluster whose creation was killed, at whatever moment, nor of a run that has one', async () => {
    expect((await podreach('cluster', 'up')).exitCode).to.equal(0);
    const before = await nodes();
    const config = new URL('../single-node.yaml', import.meta.url).pathname;
    const killed = async (untilMoment: (running: ReturnType<typeof start>) => Promise<string>): Promise<string> => {
      const running = start('run', '--config', config, 'scenarios/deny-all');
      await said(running, /creating the cluster \S+ …/);
      const moment = await untilMoment(running);
      running.kill('SIGKILL');
      await running;
      return moment;
    };
    const moments = await Promise.all([
      ...[0, 5_000].map((fromMs) =>
        killed(async () => {
          const afterMs = Math.round(fromMs + Math.random() * 5_000);
          await sleep(afterMs);
          return `after ${afterMs} ms`;
        }),
      ),
      killed(async (running) => {
        await said(running, /installing Calico/);
        return 'when its node was up';
      }),
    ]);
    expect((await nodes()).length).to.be.above(before.length);
    expect((await podreach('cluster', 'up')).exitCode).to.equal(0);
    expect(await nodes(), `killed ${moments.join(', ')}`).to.deep.equal(before);
    // No kind is left that would go on.
    expect((await execa('pgrep', ['-f', 'create cluster --name podreach-'], { reject: false })).stdout).to.equal('');
  });

  it('reports with `gc` what a killed run left, and removes it', async () => {
    const [, name = ''] = /\/(podreach-[^/]+)\/kubeconfig$/.exec(await keptKubeconfig()) ?? [];
    expect(name).not.to.equal('');
    const killed = start('run', '--keep', 'scenarios/egress-to-cidr');
    const hostsOf = async () =>
      (await execa('docker', ['ps', '--all', '--filter', 'label=podreach/host', '--format', '{{.Names}}'])).stdout;
    const deadline = Date.now() + 120_000;
    while ((await hostsOf()).split('\n').length < 3 && Date.now() < deadline) await sleep(200);
    killed.kill('SIGKILL');
    await killed;
    // A device on a node whose host is gone, as a run leaves it that is killed while it removes its hosts.
    const node = `${name}-control-plane`;
    const device = [
      'link',
      'add',
      'prhfedc',
      'type',
      'vxlan',
      'id',
      '77',
      'remote',
      '172.18.254.220',
      'dstport',
      '4790',
    ];
    await execa('docker', ['exec', node, 'ip', ...device, 'dev', 'eth0']);

    const listed = await podreach('cluster', 'gc', '--dry-run');
    expect(listed.exitCode, listed.all).to.equal(0);
    expect(listed.stdout).to.match(/^container {2}podreach-database-/m);
    expect(listed.stdout).to.match(new RegExp(`^namespace {2}${name}: prod-`, 'm'));
    expect(listed.stdout).to.match(new RegExp(`^route {6}${node}: the route to a host at \\*\\.254\\.220`, 'm'));
    expect(await hostsOf()).to.contain('podreach-database-');

    const old = await podreach('cluster', 'gc', '--older-than', '1d');
    expect(old.stdout).to.equal('dead runs left nothing behind');

    const removed = await podreach('cluster', 'gc');
    expect(removed.exitCode, removed.all).to.equal(0);
    expect(removed.stdout).to.match(/^removed (\d+) of \1$/m);
    expect(await hostsOf()).to.equal('');
    const { stdout } = await execa('docker', ['exec', node, 'sh', '-c', 'ip -o link; ip rule']);
    expect(stdout).not.to.match(/prh|^1000:/m);
    const namespaces = () => namespacesOfRuns(node);
    while ((await namespaces()) !== '' && Date.now() < deadline + 60_000) await sleep(500);
    expect(await namespaces()).to.equal('');
    const again = await podreach('cluster', 'gc', '--dry-run');
    expect(again.stdout).to.equal('dead runs left nothing behind');
  });
});
