import { type Client, pathOf } from '../cluster/client.ts';
import { isReady, type PodObject } from '../cluster/pod-state.ts';
import { diagnose } from '../cluster/ready-pods.ts';
import type { PodEndpoint } from './endpoint.ts';

/**
 * Watches the pods that their kubelet asks whether they are ready, and returns those that are not at the end, with the
 * reason. It ends after `forMs`, or as soon as one is not.
 */
export const unreadyPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  forMs: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const asked = endpoints.filter(({ readiness }) => readiness !== undefined);
  const byNamespace = [...Map.groupBy(asked, ({ namespace }) => namespace)];
  const losses = await Promise.all(
    byNamespace.map(async ([namespace, own]) => {
      const path = pathOf('Pod', { namespace });
      const unready = (objects: readonly PodObject[]) =>
        own.flatMap(({ endpoint, pod }) => {
          const object = objects.find(({ metadata }) => metadata.name === pod);
          return object && isReady(object) ? [] : [{ endpoint, object }];
        });
      const options = { deadlineMs: forMs, signal, what: 'a pod that is not ready', describe: () => '' };
      // That none came is what is hoped for; what is said counts the list alone, which tells of itself if it fails.
      await client
        .waitFor(path, (objects) => unready(objects as readonly PodObject[]).length > 0, options)
        .catch(() => undefined);
      return Promise.all(
        unready((await client.list(path, { signal })) as readonly PodObject[]).map(
          async ({ endpoint, object }) =>
            [endpoint, object ? await diagnose(client, namespace, object) : 'it is gone'] as const,
        ),
      );
    }),
  );
  return new Map(losses.flat());
};
