import { hasLabels } from '../model/index.ts';
import type { ClusterPod, ClusterService, ClusterState } from './cluster-state.ts';

export const selectsPod = ({ selector }: ClusterService, { labels }: Pick<ClusterPod, 'labels'>): boolean =>
  Object.keys(selector).length > 0 && hasLabels(labels, selector);

/** Whether a Service leads to a pod. */
export const createIsBackend = ({ services }: Pick<ClusterState, 'services'>): ((pod: ClusterPod) => boolean) => {
  const inNamespace = Map.groupBy(services, ({ namespace }) => namespace);
  return (pod) => inNamespace.get(pod.namespace)?.some((service) => selectsPod(service, pod)) ?? false;
};
