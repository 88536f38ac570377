import type { Client } from '../cluster/client.ts';
import { describePod, isReady, isRunning, type PodObject } from '../cluster/pod-state.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';

/**
 * Looks whether every endpoint still is the pod that was deployed, and ready. Returns those that are not, with the reason:
 * a connection to a pod that died is not answered either, and must not pass for a blocked one.
 * @param uids The deployed pods' uids by `namespace/name`, in the cluster's names.
 */
export const lostPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  uids: ReadonlyMap<string, string | undefined>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const pods = await listedPods(client, endpoints, signal);
  const losses = endpoints.map(({ endpoint, namespace, pod, readiness }) => {
    const key = `${namespace}/${pod}`;
    return [
      endpoint,
      lossOf(pods.get(key) as PodObject | undefined, uids.get(key), readiness === undefined ? isReady : isRunning),
    ] as const;
  });
  return new Map(losses.filter((loss): loss is [string, string] => loss[1] !== null));
};

/** Whether a pod that the kubelet asks is ready is for the policies to show, so there it is enough that it runs. */
const lossOf = (
  pod: PodObject | undefined,
  uid: string | undefined,
  isAlive: (pod: PodObject) => boolean,
): string | null => {
  if (!pod) return 'it is gone';
  if (pod.metadata.uid !== uid) return 'another pod stands in its place';
  if (pod.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  return isAlive(pod) ? null : `it is not ready: ${describePod(pod)}`;
};
