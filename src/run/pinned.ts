import { PodreachError } from '../errors.ts';
import { addressKey, podsOf, type Scenario } from '../scenario/index.ts';

/** The addresses that pods are pinned to, each by its key. */
export type Pinned = ReadonlyMap<string, string>;

/**
 * The addresses that pods are pinned to: a cluster has each once. Hosts outside the cluster may share one, because each
 * node tells them apart by the pod that they are for (`deploy/hosts/tunnel.ts`).
 */
export const pinnedIn = (group: readonly Scenario[]): Pinned => {
  const pods = group.flatMap(({ steps }) => steps.flatMap(({ topology }) => podsOf(topology)));
  return new Map(
    pods.flatMap(({ addresses = [] }) => addresses.map((address) => [addressKey(address), address] as const)),
  );
};

/** The pinned addresses of pods that `--keep` kept, each by its key, with the scenario whose pods have it. */
export type Held = Map<string, string>;

/** Throws a PodreachError if pods that were kept for the user have an address that is needed. */
export const requireFree = (pinned: Pinned, held: Held): void => {
  for (const [key, address] of pinned) {
    const holder = held.get(key);
    if (holder === undefined) continue;
    throw new PodreachError(
      `a pod must have the address ${address}, which a pod of ${holder}, kept by --keep, still has`,
      {
        hint: 'leave out --keep, or run this scenario by itself',
      },
    );
  }
};
