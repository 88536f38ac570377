import { endsOf, podsOf, type Topology } from '../../scenario/index.ts';
import type { PodEndpoint, ServiceEndpoint } from '../endpoint.ts';
import type { ClusterNode } from '../nodes.ts';
import { type AppliedService, serviceEndpoint } from './services.ts';

/** Every way to every Service of a topology, as a destination. */
export const endpointsOfServices = (
  topology: Topology,
  services: readonly AppliedService[],
  pods: readonly PodEndpoint[],
  nodes: readonly ClusterNode[],
): readonly ServiceEndpoint[] => {
  const labels = new Map(podsOf(topology).map((pod) => [pod.endpoint, pod.labels]));
  return endsOf(topology).flatMap((end) => {
    if (end.kind !== 'service') return [];
    const applied = services.find(
      ({ service: { namespace, name } }) => namespace === end.namespace && name === end.name,
    );
    const own = pods
      .filter(({ namespace }) => namespace === applied?.podsIn)
      .map((pod) => ({ ...pod, labels: labels.get(pod.endpoint) ?? {} }));
    return applied ? [serviceEndpoint(end, applied, own, nodes)] : [];
  });
};

/** Marks a Service as lost if one of its backends is lost. */
export const withServices = (
  lost: ReadonlyMap<string, string>,
  services: readonly ServiceEndpoint[],
): ReadonlyMap<string, string> => {
  const broken = services.flatMap(({ endpoint, translations }) => {
    const backends = [...translations.values()].flatMap((translation) => translation.backends);
    const first = backends.find((backend) => lost.has(backend.endpoint));
    return first ? [[endpoint, `its backend ${first.endpoint}: ${lost.get(first.endpoint)}`] as const] : [];
  });
  return new Map([...lost, ...broken]);
};
