import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { docker } from './left/docker.ts';
import { tunnelsOn } from './left/nodes.ts';

/** A kept cluster, by the containers of its nodes. */
export interface KeptCluster {
  readonly nodes: readonly string[];
  readonly controlPlane: string;
}

/** Reads which containers are a cluster's nodes. */
export const keptCluster = async (name: string): Promise<KeptCluster> => {
  const nodes = await docker('ps', '--filter', `label=io.x-k8s.kind.cluster=${name}`, '--format', '{{.Names}}');
  return { nodes, controlPlane: `${name}-control-plane` };
};

export const inCluster = ({ controlPlane }: KeptCluster, ...args: readonly string[]): Promise<readonly string[]> =>
  docker('exec', controlPlane, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...args);

/** Applies manifests as `kubectl apply` does. */
export const applyTo = async ({ controlPlane }: KeptCluster, manifests: string): Promise<void> => {
  const apply = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'apply', '-f', '-'];
  await execa('docker', ['exec', '--interactive', controlPlane, ...apply], { input: manifests, timeout: 60_000 });
};

/** What is there at this moment, one line each. */
export type Look = () => Promise<readonly string[]>;

/** What a run leaves in a cluster, and outside of it for that cluster. */
const ofRuns =
  (cluster: KeptCluster): Look =>
  async () => {
    const [namespaces, hosts, ...tunnels] = await Promise.all([
      inCluster(cluster, 'get', 'namespaces', '--selector', 'podreach/run', '--output', 'name'),
      docker('ps', '--all', '--filter', 'label=podreach/host', '--format', '{{.Names}}'),
      ...cluster.nodes.map(tunnelsOn),
    ]);
    return [...namespaces, ...hosts, ...tunnels.flat()];
  };

/** What exists before any run. */
export const leftBefore = async (cluster: KeptCluster): Promise<ReadonlySet<string>> =>
  new Set(await ofRuns(cluster)());

const ENDING_MS = 90_000;

/** What runs have left behind, once the cluster has had time to finish deletions. */
export const leftovers = (cluster: KeptCluster, before: ReadonlySet<string>): Promise<readonly string[]> =>
  leftAfter(async () => (await ofRuns(cluster)()).filter((one) => !before.has(one)), ENDING_MS);

/** What a look still shows when it has had so much time to show nothing. */
export const leftAfter = async (look: Look, longestMs: number): Promise<readonly string[]> => {
  const endMs = performance.now() + longestMs;
  let left = await look();
  while (left.length > 0 && performance.now() < endMs) {
    await sleep(1000);
    left = await look();
  }
  return left;
};
