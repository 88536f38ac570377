import { listedPods } from '../deploy/index.ts';
import type { Client } from '../kube/index.ts';
import { addressesIn } from '../kube/index.ts';
import { type ExistingObject, type ExistingPod, restartsOf } from './existing-pod.ts';

/**
 * The pods that changed since they were found, with the reason: observations of them say nothing, and no packet may go
 * to an address that is no longer theirs.
 */
export const changedPods = async (
  client: Client,
  pods: readonly ExistingPod[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const now = await listedPods(client, pods, signal);
  return new Map(
    pods.flatMap((pod) => {
      const change = changeOf(pod, now.get(pod.endpoint) as ExistingObject | undefined);
      return change === null ? [] : [[pod.endpoint, change] as const];
    }),
  );
};

const changeOf = (before: ExistingPod, now: ExistingObject | undefined): string | null => {
  if (!now) return 'it is gone';
  if (now.metadata.uid !== before.uid) return 'another pod has taken its place';
  if (now.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (now.status?.phase !== 'Running') return `it is now ${now.status?.phase}, not Running`;
  if (addressesIn(now).join() !== before.addresses.join()) return 'its address has changed';
  return restartsOf(now) === before.restarts ? null : 'one of its containers was restarted';
};
