/** On which cluster a command runs scenarios, and how its probes wait. */
import {
  givenCluster,
  type ImageFlags,
  type IpFamily,
  type Lease,
  leaseCluster,
  probeImageOf,
} from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { defaultKubeconfig } from '../kube/index.ts';
import { checkHosts } from '../run/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { Terminal } from './terminal/index.ts';

export interface LiveFlags extends ImageFlags {
  readonly timeout: number;
  readonly settleTimeout: number;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly keep?: boolean;
  readonly config: string;
  readonly ipFamily?: IpFamily;
}

/** Throws a PodreachError for a kubeconfig without the context that it is for. */
export const requireContext = ({ context, kubeconfig }: Pick<LiveFlags, 'context' | 'kubeconfig'>): void => {
  if (context === undefined && kubeconfig !== undefined)
    throw new PodreachError('--kubeconfig applies only to a cluster of your own', {
      hint: "name it with --context, or leave it out to run on podreach's own cluster",
    });
};

/** What leases the cluster; throws a PodreachError before there is one if the scenarios can't run on it. */
export const leaseFor = async (
  scenarios: readonly Scenario[],
  flags: LiveFlags,
  { progress, signal }: Pick<Terminal, 'progress' | 'signal'>,
): Promise<() => Promise<Lease>> => {
  const { context, kubeconfig = defaultKubeconfig(), keep = false } = flags;
  if (context !== undefined) return async () => givenCluster(context, kubeconfig, probeImageOf(flags));
  const choice = { ...flags, configFile: flags.config };
  await checkHosts(scenarios, choice);
  return () => leaseCluster({ ...choice, keep, progress, signal });
};
