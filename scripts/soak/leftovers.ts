import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** A kept cluster, by the containers of its nodes. */
export interface KeptCluster {
  readonly nodes: readonly string[];
  readonly controlPlane: string;
}

const docker = async (...args: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await execa('docker', args, { timeout: 60_000 });
  return stdout.split('\n').filter((line) => line !== '');
};

export const inCluster = (cluster: KeptCluster, ...args: readonly string[]): Promise<readonly string[]> =>
  docker('exec', cluster.controlPlane, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...args);

/** Reads which containers are a cluster's nodes. */
export const keptCluster = async (name: string): Promise<KeptCluster> => {
  const nodes = await docker('ps', '--filter', `label=io.x-k8s.kind.cluster=${name}`, '--format', '{{.Names}}');
  return { nodes, controlPlane: `${name}-control-plane` };
};

/** Devices and rules that lead from a node to outside hosts (src/deploy/hosts/tunnel.ts). */
const tunnelsOn = async (node: string): Promise<readonly string[]> => {
  const show = 'ip -oneline link show type vxlan; ip rule show; ip -6 rule show';
  const lines = await docker('exec', node, 'sh', '-c', show);
  return lines.filter((line) => /\bprh[0-9a-f]{4}\b|^1000:/v.test(line)).map((line) => `${node}: ${line.trim()}`);
};

/** What runs may have left behind at this moment, one line each; `before` is what was there before them. */
const leftNow = async (cluster: KeptCluster, before: ReadonlySet<string>): Promise<readonly string[]> => {
  const [namespaces, hosts, ...tunnels] = await Promise.all([
    inCluster(cluster, 'get', 'namespaces', '--selector', 'podreach/run', '--output', 'name'),
    docker('ps', '--all', '--filter', 'label=podreach/host', '--format', '{{.Names}}'),
    ...cluster.nodes.map(tunnelsOn),
  ]);
  return [...namespaces, ...hosts, ...tunnels.flat()].filter((one) => !before.has(one));
};

/** What exists before any run. */
export const leftBefore = async (cluster: KeptCluster): Promise<ReadonlySet<string>> =>
  new Set(await leftNow(cluster, new Set()));

const ENDING_MS = 90_000;

/** What runs have left behind, once the cluster has had time to finish deletions. */
export const leftovers = async (cluster: KeptCluster, before: ReadonlySet<string>): Promise<readonly string[]> => {
  const endMs = performance.now() + ENDING_MS;
  let left = await leftNow(cluster, before);
  while (left.length > 0 && performance.now() < endMs) {
    await sleep(1000);
    left = await leftNow(cluster, before);
  }
  return left;
};
