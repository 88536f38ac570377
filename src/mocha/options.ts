import { fileURLToPath } from 'node:url';
import {
  type ConfigChoice,
  givenCluster,
  type ImageFlags,
  type Lease,
  leaseCluster,
  probeImageOf,
} from '../cluster/index.ts';
import { defaultKubeconfig } from '../kube/index.ts';
import { type Progress, silent } from '../progress.ts';
import { sharedOwner } from './shared-cluster.ts';

/** What determines the cluster, like the flags of `podreach run` of the same names. */
export interface ClusterOptions extends Partial<ImageFlags>, Partial<ConfigChoice> {
  /** Leave the cluster up for the next run. */
  readonly keep?: boolean;
  /** A cluster of your own, by its context in the kubeconfig. */
  readonly context?: string;
  readonly kubeconfig?: string;
  /** A folder for evidence of each step that does not pass. */
  readonly evidence?: string;
  /** How long a change may take to be enforced; 30,000 by default. */
  readonly settleTimeoutMs?: number;
}

export interface DescribeOptions extends ClusterOptions {
  /** Ask the model instead of a cluster. */
  readonly predicted?: boolean;
  /** How long a probe waits for an answer; 1,500 by default. */
  readonly timeoutMs?: number;
  /** How often a broken probe is tried again, whatever is expected of it; 1 by default. */
  readonly retries?: number;
  /** Measure how long each step takes to be enforced; see `enforceWithin` of `podreach/chai`. */
  readonly record?: boolean;
  /** For manifests without a scenario: the namespace of objects that name none. */
  readonly namespace?: string;
  /** Gets a line when a long piece of work begins or ends: `progressLines(console.error)`. */
  readonly progress?: Progress;
}

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

export const configOf = (options: ClusterOptions): ConfigChoice => ({ configFile, ...options });

/** The same text for options that mean the same cluster. */
export const clusterKey = (options: ClusterOptions): string => {
  const { keep, context, kubeconfig, settleTimeoutMs, ipFamily, configFile: config, images, mirror } = options;
  const { registryCa, nodeImage, calico, probeImage, evidence } = options;
  return JSON.stringify([
    ...[keep ?? false, context, kubeconfig, settleTimeoutMs, ipFamily, config],
    ...[images, mirror, registryCa, nodeImage, calico, probeImage, evidence],
  ]);
};

/** The cluster of the options: the user's own, or else podreach's, which workers of one mocha run share. */
export const leaseFor = async (options: DescribeOptions, signal: AbortSignal): Promise<Lease> => {
  const { context, kubeconfig = defaultKubeconfig(), keep = false, progress = silent } = options;
  if (context !== undefined) return givenCluster(context, kubeconfig, probeImageOf(options));
  return leaseCluster({
    images: 'auto',
    ...options,
    ...configOf(options),
    ...{ keep, owner: sharedOwner(), progress, signal },
  });
};
