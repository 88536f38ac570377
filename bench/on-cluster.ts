import { randomBytes } from 'node:crypto';
import type { Lease } from '../src/cluster/index.ts';
import { createDeployments, type Deployments } from '../src/deploy/index.ts';
import { ownerText, thisOwner } from '../src/host/index.ts';
import { type Client, connect } from '../src/kube/index.ts';
import { type Canary, createCanary } from '../src/settle/index.ts';

export interface OnCluster {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly canary: Canary;
}

const GONE_MS = 120_000;

/** Does some work on a leased cluster, and waits until all that it deployed is gone. */
export const onCluster = async <Result>(
  { cluster }: Lease,
  signal: AbortSignal,
  work: (on: OnCluster) => Promise<Result>,
): Promise<Result> => {
  const client = connect(cluster.kubeconfig);
  const naming = {
    image: cluster.probeImage,
    runId: randomBytes(5).toString('hex'),
    owner: ownerText(await thisOwner()),
    signal,
  };
  const deployments = createDeployments(client, naming);
  try {
    return await work({ client, deployments, canary: await createCanary(client, naming) });
  } finally {
    await deployments.disposeAll({ waitMs: GONE_MS });
    client.close();
  }
};
