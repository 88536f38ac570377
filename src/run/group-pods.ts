import type { Deployment } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { ScenarioResult } from '../matrix/index.ts';
import type { Scenario, Topology } from '../scenario/index.ts';
import { timed } from '../stopwatch.ts';
import { type Held, pinnedIn, requireFree } from './pinned.ts';
import type { Stage } from './stage.ts';

/** The pods of scenarios that begin with mostly the same ones: one deployment at a time, for as long as it can be trusted. */
export interface GroupPods {
  /**
   * Brings them up if there are none; otherwise they are as the last scenario left them, and `deployMs` is 0. Throws a
   * PodreachError if they don't come up.
   */
  acquire(topology: Topology): Promise<{ readonly pods: Deployment; readonly deployMs: number }>;
  /** Gives up the pods if the scenario that ran on them broke, or if the user wants to look at them. */
  release(result: ScenarioResult, next: { readonly isLast: boolean }): Promise<void>;
  /** Removes what is left when the group is done: a node takes 110 pods. */
  dispose(): Promise<void>;
}

export interface GroupPodsOptions extends Pick<Stage, 'deployments' | 'keep' | 'progress'> {
  /** Another group pins pods to an address of this one. */
  readonly contested: boolean;
  readonly held: Held;
}

export const createGroupPods = (
  group: readonly Scenario[],
  { deployments, keep, progress, contested, held }: GroupPodsOptions,
): GroupPods => {
  const pinned = pinnedIn(group);
  let current: Deployment | undefined;

  /** @param isAwaited Whether others need their addresses next: then the pods must be gone first. */
  const dispose = async (pods: Deployment, isAwaited: boolean): Promise<void> => {
    current = undefined;
    await pods.dispose(isAwaited ? { waitMs: FREED_MS } : {}).catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      progress.note(error.message, 'important');
    });
  };
  const keepFor = (pods: Deployment, scenario: string): void => {
    current = undefined;
    deployments.keep(pods);
    for (const key of pinned.keys()) held.set(key, scenario);
  };

  return {
    acquire: async (topology) => {
      if (current) return { pods: current, deployMs: 0 };
      requireFree(pinned, held);
      const { value: pods, ms: deployMs } = await timed(() => deployments.acquire(topology));
      current = pods;
      return { pods, deployMs };
    },
    release: async ({ name, status }, { isLast }) => {
      if (!current) return;
      if (status !== 'pass' && keep) keepFor(current, name);
      // Pods on which something broke can't be trusted with another scenario.
      else if (status === 'error') await dispose(current, contested || (pinned.size > 0 && !isLast));
    },
    dispose: async () => {
      if (current) await dispose(current, contested);
    },
  };
};

/** How long pods and their namespaces may take to go. */
const FREED_MS = 30_000;
