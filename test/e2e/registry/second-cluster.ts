import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { controlPlane, kindProgram } from '../../../src/cluster/kind.ts';
import { connect, pathOf } from '../../../src/kube/index.ts';
import { silent } from '../../../src/progress.ts';
import { temporaryFolder } from '../door.ts';
import type { Registry } from './server.ts';

/**
 * A cluster of one node that is not podreach's: no ledger knows it, and its node names no owner. Its CNI ignores
 * policies.
 */
export interface SecondCluster {
  /** As the command line takes them. */
  readonly flags: readonly string[];
  remove(): Promise<void>;
}

const START_MS = 90_000;

const areReady = (nodes: readonly unknown[]): boolean =>
  nodes.length > 0 && !JSON.stringify(nodes).includes('node.kubernetes.io/not-ready');

/** Of the CNI project's own plugins, which kind's nodes have: it connects pods and knows no policies. */
const PTP = {
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

/**
 * Creates it with `kind create cluster`, with nodes that an administrator has let use the registry: containerd knows its
 * certificates, and the kubelet the login. Nothing of it is left if it does not become ready.
 */
export const createSecondCluster = async (nodeImage: string, registry: Registry): Promise<SecondCluster> => {
  const name = `podreach-test-second-${randomBytes(2).toString('hex')}`;
  const kubeconfig = join(await temporaryFolder(), 'kubeconfig');
  const kind = await kindProgram(silent);
  const remove = async (): Promise<void> => {
    await execa(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], { stdin: 'ignore' });
  };
  const config = await readFile(new URL('../single-node.yaml', import.meta.url), 'utf8');
  const extraMounts = [
    { hostPath: await trustFor(registry), containerPath: '/etc/containerd/certs.d', readOnly: true },
    {
      hostPath: join(registry.dockerConfig, 'config.json'),
      containerPath: '/var/lib/kubelet/config.json',
      readOnly: true,
    },
  ];
  const input = config.replace(/nodes:\n[\s\S]*$/, stringify({ nodes: [{ role: 'control-plane', extraMounts }] }));
  const args = ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', kubeconfig, '--image', nodeImage];
  try {
    await execa(kind, args, { input });
    await execa('docker', ['exec', '--interactive', controlPlane(name), 'tee', '/etc/cni/net.d/10-ptp.conflist'], {
      input: JSON.stringify(PTP),
    });
    const client = connect(kubeconfig);
    try {
      await client.waitFor(pathOf('Node'), areReady, { deadlineMs: START_MS, what: 'the node of the second cluster' });
    } finally {
      client.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { flags: ['--context', `kind-${name}`, '--kubeconfig', kubeconfig], remove };
};

/**
 * A folder as containerd's `certs.d` (https://github.com/containerd/containerd/blob/main/docs/hosts.md). It lies beside
 * what the Engine mounts for the registry already, because not every Engine sees the temporary folder.
 */
const trustFor = async ({ host, caFile, dockerConfig }: Registry): Promise<string> => {
  const folder = join(dockerConfig, 'certs.d');
  await mkdir(join(folder, host), { recursive: true });
  await copyFile(caFile, join(folder, host, 'ca.crt'));
  const hosts = `server = "https://${host}"\n\n[host."https://${host}"]\n  ca = "/etc/containerd/certs.d/${host}/ca.crt"\n`;
  await writeFile(join(folder, host, 'hosts.toml'), hosts);
  return folder;
};
