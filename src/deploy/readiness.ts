import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../cluster/client.ts';
import { isReady, type PodObject, readySince } from '../cluster/pod-state.ts';
import { diagnose } from '../cluster/ready-pods.ts';
import { PodreachError } from '../errors.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';

/**
 * The pods that their kubelet asks whether they are ready, and that were not ready all of that time, with the reason. A pod
 * that was ready again by the end is found out by the time of its last change, which Kubernetes keeps in seconds.
 */
export const unreadyPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  forMs: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const asked = endpoints.filter(({ readiness }) => readiness !== undefined);
  if (asked.length === 0) return new Map();
  const before = await listedPods(client, asked, signal);
  await sleep(forMs, undefined, signal && { signal }).catch(() => {
    throw new PodreachError('watching the pods that are to stay ready was interrupted');
  });
  const after = await listedPods(client, asked, signal);
  const losses = await Promise.all(
    asked.map(async ({ endpoint, namespace, pod: name }): Promise<readonly [string, string] | null> => {
      const [was, pod] = [before, after].map((pods) => pods.get(`${namespace}/${name}`) as PodObject | undefined);
      if (!pod) return [endpoint, 'it is gone'];
      if (was && isReady(was) && isReady(pod) && readySince(was) === readySince(pod)) return null;
      return [endpoint, await diagnose(client, namespace, pod)];
    }),
  );
  return new Map(losses.filter((loss) => loss !== null));
};
