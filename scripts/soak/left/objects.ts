import { inCluster, type KeptCluster } from '../leftovers.ts';

/** What Kubernetes and Calico write by themselves, as pods come and go. */
const NOT_MADE = /^(?:events|leases|endpoints|endpointslices|componentstatuses|ipam|blockaffinities)/v;

const COLUMNS = 'custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name';

/** The kinds of objects that a cluster can list. */
export const kindsIn = async (cluster: KeptCluster): Promise<readonly string[]> =>
  (await inCluster(cluster, 'api-resources', '--verbs=list', '--output', 'name')).filter(
    (kind) => !NOT_MADE.test(kind),
  );

/** All objects of these kinds, as `Kind/namespace/name`; those in no namespace as `Kind//name`. */
export const objectsIn = async (cluster: KeptCluster, kinds: readonly string[]): Promise<readonly string[]> => {
  const flags = ['--all-namespaces', '--ignore-not-found', '--no-headers', '--output', COLUMNS];
  const lines = await inCluster(cluster, 'get', kinds.join(','), ...flags);
  return lines.map((line) => line.trim().split(/\s+/v).join('/').replace('/<none>/', '//'));
};

/** The same without what is in a namespace that is listed itself. */
export const withoutInner = (objects: readonly string[]): readonly string[] => {
  const namespaces = new Set(objects.flatMap((one) => /^Namespace\/\/(?<name>.+)$/v.exec(one)?.groups?.name ?? []));
  return objects.filter((one) => !namespaces.has(one.split('/')[1] ?? ''));
};
