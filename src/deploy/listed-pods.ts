import { type Client, type KubeObject, pathOf } from '../kube/index.ts';

/** The current pods of some namespaces, by `namespace/name` in the cluster's names: one list request per namespace. */
export const listedPods = async (
  client: Client,
  pods: readonly { readonly namespace: string }[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> => {
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.map(async (namespace) => {
      const listed = await client.list(pathOf('Pod', { namespace }), { signal });
      return listed.map((pod) => [`${namespace}/${pod.metadata.name}`, pod] as const);
    }),
  );
  return new Map(lists.flat());
};
