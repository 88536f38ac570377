import { nodesOf } from './kind.ts';
import { entries, kubeconfigOf } from './ledger.ts';

/** A cluster of this cache folder that stays up between runs. */
export interface KeptCluster {
  readonly name: string;
  readonly kubeconfig: string;
  /** The running containers of its nodes, at least one. */
  readonly nodes: readonly string[];
}

export const keptClusters = async (): Promise<readonly KeptCluster[]> => {
  const kept = (await entries()).filter((entry) => entry.kept && entry.complete);
  const clusters = await Promise.all(
    kept.map(async ({ name }) => ({ name, kubeconfig: kubeconfigOf(name), nodes: await nodesOf(name, 'running') })),
  );
  return clusters.filter(({ nodes }) => nodes.length > 0);
};
