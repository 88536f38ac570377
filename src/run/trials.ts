import type { Lease } from '../cluster/index.ts';
import { type Deployment, isHost, isService } from '../deploy/index.ts';
import type { Client } from '../kube/index.ts';
import { modelOf, type Situation } from '../matrix/index.ts';
import { type Decision, decide } from '../model/index.ts';
import type { Observation } from '../probe/index.ts';
import { type Ended, resultFirst } from '../result-first.ts';
import { type Probe, probeKey, probesIn, type Step } from '../scenario/index.ts';
import { requirePinned, situationOf } from './addresses.ts';
import { nodesOf, takeMatrix } from './matrix.ts';
import { onStage } from './on-stage.ts';
import type { RunOptions, Stage } from './stage.ts';

/** What became of some cells in a world, and what the specification says of them there. */
export interface Trial {
  /** In the order of the probes. */
  readonly seen: readonly { readonly observation: Observation; readonly decision: Decision }[];
  readonly situation: Situation;
  readonly deployment: Pick<Deployment, 'endpoints' | 'namespaces'>;
}

/** Worlds that are tried one after the other, on pods that stay wherever they can. */
export interface Trials {
  readonly client: Client;
  /**
   * Brings the world about and probes these cells, all if none is given. There is no baseline: that a cell is blocked
   * even without policies may be what is looked for. So each server is asked to answer itself, and the nodes to reach
   * each other. Rejects if nothing can be found out.
   */
  take(world: Pick<Step, 'topology' | 'policies'>, probes?: readonly Probe[]): Promise<Trial>;
}

type TrialOptions = Pick<RunOptions, 'settleTimeoutMs' | 'timeoutMs' | 'progress' | 'signal'>;

/** Until their addresses are free. */
const GONE_MS = 30_000;

const ALONE = { workers: 1, sampling: false, recording: false, retries: 1, bail: false, keep: false };

/**
 * Leases a cluster for some trials; nothing of them is left when it ends, or the result says what could not be removed.
 * `stageFor` is a parameter for tests.
 */
export const runTrials = async <Result>(
  leaseCluster: () => Promise<Lease>,
  options: TrialOptions,
  work: (trials: Trials) => Promise<Result>,
  stageFor = onStage,
): Promise<Ended<Result>> => {
  const lease = await leaseCluster();
  return resultFirst(
    (keep) => stageFor(lease, { ...ALONE, ...options }, async (stage) => keep(await work(trialsOn(stage)))),
    lease.release,
  );
};

const trialsOn = (stage: Stage): Trials => {
  let current: Deployment | undefined;
  const podsFor = async (topology: Step['topology']): Promise<Deployment> => {
    const pods = current ?? (await stage.deployments.acquire(topology));
    current = pods;
    await pods.change(topology);
    return pods;
  };
  const take: Trials['take'] = async ({ topology, policies }, probes) => {
    const deployment = await podsFor(topology);
    requirePinned(deployment);
    await deployment.applyPolicies(policies);
    const canary = await stage.canary;
    await canary.settle(nodesOf(deployment));
    const asked = probes ?? probesIn(topology, deployment.families);
    const { timeoutMs, retries, window, signal } = stage;
    const { observations } = await takeMatrix(deployment, canary, withServers(asked, deployment), {
      timeoutMs,
      retries,
      window,
      signal,
    });
    await Promise.all([deployment.requirePolicies(), deployment.requireLabels(policies)]);
    const situation = { ...situationOf(deployment, await stage.dns), policies };
    const seen = observations.slice(0, asked.length).map((observation) => ({
      observation,
      decision: decide(modelOf(situation, observation.family), observation),
    }));
    return { seen, situation, deployment };
  };
  return {
    client: stage.client,
    // Pods on which something broke can't be trusted with another world.
    take: async (world, probes) => {
      try {
        return await take(world, probes);
      } catch (error) {
        const broken = current;
        current = undefined;
        await broken?.dispose({ waitMs: GONE_MS }).catch(() => {});
        throw error;
      }
    },
  };
};

/** With the servers' answers to themselves, without which silence proves nothing. Hosts are asked anyway. */
const withServers = (probes: readonly Probe[], { endpoints }: Pick<Deployment, 'endpoints'>): readonly Probe[] => {
  const servers = probes.flatMap((probe): readonly Probe[] => {
    const to = endpoints.get(probe.to);
    return !to || isHost(to) || isService(to) ? [] : [{ ...probe, from: probe.to }];
  });
  return [...new Map([...probes, ...servers].map((probe) => [probeKey(probe), probe])).values()];
};
