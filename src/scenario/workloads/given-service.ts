import type { SourceDocument } from '../document.ts';
import type { External, ServicePort } from '../scenario.ts';
import { STICKY_SECONDS } from '../syntax.ts';
import type { ServiceObject } from './shapes.ts';
import { labelsIn } from './workload.ts';

/** A Service as its manifest has it. */
export interface GivenService {
  readonly kind: 'Service';
  readonly namespace: string;
  readonly name: string;
  /** Empty if it selects no pods by itself: somebody else says where it leads. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  /** What an ExternalName is another name of; the empty text for any other. */
  readonly externalName: string;
  /** null if no port of a node leads to it. */
  readonly nodePort: 'Cluster' | 'Local' | null;
  /** Whether it leads from each node to the pods of that node alone. */
  readonly staysOnNode: boolean;
  /** How long a client keeps its backend; absent if it does not. */
  readonly stickySeconds?: number;
  /** Where its address outside the cluster comes from; absent if it has none. */
  readonly external?: External;
  /** Whether the load balancer's address takes only clients from certain ranges. */
  readonly limitsSources: boolean;
  readonly document: SourceDocument;
}

/** A Service whose document has the shape of one, with the defaults of the API server filled in. */
export const serviceOf = (
  names: { readonly namespace: string; readonly name: string },
  document: SourceDocument,
): GivenService => {
  const { spec } = document.value as ServiceObject;
  const type = spec.type || 'ClusterIP';
  const opensNodePorts =
    type === 'NodePort' || (type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const headless = spec.clusterIP === 'None';
  // Of a headless one kube-proxy does nothing at all.
  const sticky = spec.sessionAffinity === 'ClientIP' && !headless;
  const external = externalOf(spec);
  return {
    kind: 'Service',
    ...names,
    selector: labelsIn(spec.selector),
    ports: (spec.ports ?? []).map(({ name, port, protocol, targetPort }) => ({
      number: port,
      protocol: protocol || 'TCP',
      target: targetPort || port,
      ...(name && { name }),
    })),
    type,
    headless,
    externalName: type === 'ExternalName' ? (spec.externalName ?? '') : '',
    nodePort: opensNodePorts ? spec.externalTrafficPolicy || 'Cluster' : null,
    staysOnNode: spec.internalTrafficPolicy === 'Local',
    ...(external && { external }),
    limitsSources: type === 'LoadBalancer' && (spec.loadBalancerSourceRanges ?? []).length > 0,
    ...(sticky && { stickySeconds: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? STICKY_SECONDS }),
    document,
  };
};

/** kube-proxy sets up nothing for a headless one. */
const externalOf = ({ type, clusterIP, externalIPs }: ServiceObject['spec']): External | null => {
  if (clusterIP === 'None') return null;
  if (type === 'LoadBalancer') return 'load-balancer';
  return (externalIPs ?? []).length > 0 ? 'external-ip' : null;
};
