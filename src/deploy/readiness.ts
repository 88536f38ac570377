import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, pathOf } from '../cluster/client.ts';
import { isReady, type PodObject, readySince } from '../cluster/pod-state.ts';
import { diagnose } from '../cluster/ready-pods.ts';
import { PodreachError } from '../errors.ts';
import type { PodEndpoint } from './endpoint.ts';

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
  const before = await podsOf(client, asked, signal);
  await sleep(forMs, undefined, signal && { signal }).catch(() => {
    throw new PodreachError('watching the pods that are to stay ready was interrupted');
  });
  const after = await podsOf(client, asked, signal);
  const losses = await Promise.all(
    asked.map(async ({ endpoint, namespace }): Promise<readonly [string, string] | null> => {
      const pod = after.get(endpoint);
      if (!pod) return [endpoint, 'it is gone'];
      const was = before.get(endpoint);
      if (was && isReady(was) && isReady(pod) && readySince(was) === readySince(pod)) return null;
      return [endpoint, await diagnose(client, namespace, pod)];
    }),
  );
  return new Map(losses.filter((loss) => loss !== null));
};

const podsOf = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, PodObject>> => {
  const namespaces = [...new Set(endpoints.map(({ namespace }) => namespace))];
  const lists = await Promise.all(namespaces.map((namespace) => client.list(pathOf('Pod', { namespace }), { signal })));
  const found = new Map(
    lists.flatMap((pods, at) => pods.map((pod) => [`${namespaces[at]}/${pod.metadata.name}`, pod as PodObject])),
  );
  return new Map(
    endpoints.flatMap(({ endpoint, namespace, pod }) => {
      const object = found.get(`${namespace}/${pod}`);
      return object ? [[endpoint, object] as const] : [];
    }),
  );
};
