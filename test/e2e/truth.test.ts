import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { controlPlane, createKindCluster, deleteKindCluster, kindProgram } from '../../src/cluster/kind.ts';
import { createDeployments, isHost, isService } from '../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../src/host/index.ts';
import { type Client, connect, pathOf } from '../../src/kube/index.ts';
import { probeMatrix } from '../../src/probe/index.ts';
import { silent } from '../../src/progress.ts';
import { loadScenarios, probesOf } from '../../src/scenario/index.ts';
import { keptKubeconfig, podreach } from './door.ts';

const probeImage = 'registry.k8s.io/e2e-test-images/agnhost:2.56';

describe('what broke is never taken for blocked', () => {
  let client: Client;

  before(async () => {
    client = connect(await keptKubeconfig());
  });

  after(() => client.close());

  it('calls every cell from and to a pod that dies in the middle an error, and the others what they are', async () => {
    const [scenario] = await loadScenarios(['scenarios/deny-all']);
    if (!scenario) throw new Error('deny-all is not there');
    const deployments = createDeployments(client, {
      image: probeImage,
      runId: randomBytes(5).toString('hex'),
      owner: ownerText(await thisOwner()),
    });
    try {
      const deployment = await deployments.acquire(scenario.steps[0].topology);
      const victim = deployment.endpoints.get('dev/web');
      if (!victim || isHost(victim) || isService(victim)) throw new Error('deny-all has no dev/web');
      await deployment.applyPolicies(scenario.steps[0]?.policies ?? []);
      const probing = probeMatrix(deployment, probesOf(scenario.steps[0].topology), { timeoutMs: 6000, retries: 0 });
      await sleep(1500); // into the middle of the probes that wait for an answer
      await client.delete(pathOf('Pod', { namespace: victim.namespace, name: victim.pod }));
      const observations = await probing;
      const touched = observations.filter(({ from, to }) => from === 'dev/web' || to === 'dev/web');
      expect(touched).to.have.length.above(10);
      for (const { from, to, verdict, detail } of touched)
        expect(verdict, `${from} -> ${to} (${detail})`).to.equal('error');
      const others = observations.filter((cell) => !touched.includes(cell) && cell.from !== cell.to);
      for (const { from, to, verdict, detail } of others) {
        const blocked = from.startsWith('prod/') || to.startsWith('prod/');
        expect(verdict, `${from} -> ${to} (${detail})`).to.equal(blocked ? 'dropped' : 'allowed');
      }
    } finally {
      await deployments.disposeAll();
    }
  });
});

describe('a cluster whose CNI ignores policies', () => {
  const name = `podreach-ptp-${randomBytes(2).toString('hex')}`;
  let folder: string;
  let kubeconfig: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-ptp-'));
    kubeconfig = join(folder, 'kubeconfig');
    const { stdout } = await podreach('cluster', 'images');
    const nodeImage = /^node +(podreach\/\S+)/m.exec(stdout)?.[1] ?? '';
    const config = await readFile(new URL('single-node.yaml', import.meta.url), 'utf8');
    await createKindCluster(await kindProgram(silent), { name, kubeconfig, config, nodeImage });
    const ptp = {
      cniVersion: '0.4.0',
      name: 'ptp',
      plugins: [
        {
          type: 'ptp',
          ipMasq: true,
          ipam: { type: 'host-local', subnet: '192.168.0.0/24', routes: [{ dst: '0.0.0.0/0' }] },
        },
      ],
    };
    await execa('docker', ['exec', '--interactive', controlPlane(name), 'tee', '/etc/cni/net.d/10-ptp.conflist'], {
      input: JSON.stringify(ptp),
    });
    const client = connect(kubeconfig);
    await client.waitFor(
      pathOf('Node'),
      (nodes) => nodes.length > 0 && !JSON.stringify(nodes).includes('node.kubernetes.io/not-ready'),
      { deadlineMs: 60_000, what: 'the node' },
    );
    client.close();
  });

  after(async () => {
    await deleteKindCluster(await kindProgram(silent), { name, kubeconfig });
    await rm(folder, { recursive: true, force: true });
  });

  it('is reported in one sentence instead of a hundred mismatches', async () => {
    const context = ['--context', `kind-${name}`, '--kubeconfig', kubeconfig, '--probe-image', probeImage];
    const { exitCode, stdout, stderr } = await podreach('run', ...context, 'scenarios/deny-all');
    expect(exitCode, stderr).to.equal(2);
    expect(stderr, stderr).to.contain('does not enforce NetworkPolicies');
    expect(stdout).not.to.contain('expected deny');
  });
});
