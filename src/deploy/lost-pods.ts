import type { Client } from '../kube/index.ts';
import { addressesIn, describePod, isReady, isRunning, type PodObject } from '../kube/index.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';

/**
 * Checks that every endpoint is still the pod that was deployed, at its addresses, and ready. Returns those that are
 * not, with the reason: a dead pod does not answer either, and must not count as blocked. If the kubelet recreates a
 * sandbox, the uid stays the same and the addresses change.
 * @param uids The deployed pods' uids by `namespace/name`, in the cluster's names.
 */
export const lostPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  uids: ReadonlyMap<string, string | undefined>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const pods = await listedPods(client, endpoints, signal);
  const losses = endpoints.map((endpoint) => {
    const key = `${endpoint.namespace}/${endpoint.pod}`;
    return [endpoint.endpoint, lossOf(pods.get(key) as PodObject | undefined, endpoint, uids.get(key))] as const;
  });
  return new Map(losses.filter((loss): loss is [string, string] => loss[1] !== null));
};

const lossOf = (
  pod: PodObject | undefined,
  { addresses, readiness }: PodEndpoint,
  uid: string | undefined,
): string | null => {
  if (!pod) return 'it is gone';
  if (pod.metadata.uid !== uid) return 'another pod has taken its place';
  if (pod.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  // The policies decide whether a pod with a readiness probe is ready, so it only has to run.
  if (!(readiness === undefined ? isReady(pod) : isRunning(pod))) return `it is not ready: ${describePod(pod)}`;
  const now = addressesIn(pod).join(' and ');
  return now === addresses.join(' and ') ? null : `its address is now ${now}`;
};
