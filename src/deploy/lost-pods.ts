import type { Client } from '../kube/index.ts';
import { addressesIn, describePod, isReady, isRunning, type PodObject } from '../kube/index.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';

/**
 * Looks whether every endpoint still is the pod that was deployed, at its addresses, and ready. Returns those that are
 * not, with the reason: a connection to a pod that died is not answered either, and must not pass for a blocked one. A
 * sandbox that the kubelet had to make anew leaves the uid as it was and changes the addresses.
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
  if (pod.metadata.uid !== uid) return 'another pod stands in its place';
  if (pod.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  // Whether a pod that the kubelet asks is ready is for the policies to show, so there it is enough that it runs.
  if (!(readiness === undefined ? isReady(pod) : isRunning(pod))) return `it is not ready: ${describePod(pod)}`;
  const now = addressesIn(pod).join(' and ');
  return now === addresses.join(' and ') ? null : `its address is now ${now}`;
};
