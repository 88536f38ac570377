import { type Client, type KubeObject, pathOf } from '../../kube/index.ts';
import { hasLabels } from '../../model/index.ts';
import {
  familyOf,
  type Port,
  portText,
  type Service,
  type ServicePort,
  type ServiceWay,
} from '../../scenario/index.ts';
import type { Backend, PodEndpoint, ServiceEndpoint, Translation } from '../endpoint.ts';
import type { ClusterNode } from '../nodes.ts';
import { CLUSTER_DOMAIN, type ServicePlace, serviceManifest } from './service-manifest.ts';

interface ServiceObject extends KubeObject {
  readonly spec?: {
    readonly clusterIPs?: readonly string[];
    readonly ports?: readonly { readonly port: number; readonly protocol: string; readonly nodePort?: number }[];
  };
}

/** The cluster's counterpart of a Service of the scenario. */
export interface AppliedService {
  readonly service: Service;
  /** The cluster's name for its namespace. */
  readonly namespace: string;
  readonly object: ServiceObject;
  /** The cluster's name for the namespace of its backends. */
  readonly podsIn: string;
  /** Its addresses outside the cluster's ranges, at most one per family. */
  readonly outside: readonly string[];
}

/**
 * Creates a Service. If it has addresses outside the cluster's ranges, kube-proxy on every node takes what is sent to
 * them, as to the Service's own address. Those of a load balancer are in the status, where its controller would put them.
 */
export const applyService = async (
  client: Client,
  service: Service,
  place: ServicePlace,
  signal?: AbortSignal,
): Promise<AppliedService> => {
  const { namespace, podsIn = namespace, outside = [] } = place;
  const object = (await client.apply(serviceManifest(service, place), { signal })) as ServiceObject;
  if (service.external === 'load-balancer') {
    const path = `${pathOf('Service', { namespace, name: service.name })}/status`;
    await client.patch(path, { status: { loadBalancer: { ingress: outside.map((ip) => ({ ip })) } } }, { signal });
  }
  return { service, namespace, podsIn, object, outside };
};

/** The way to a Service as a destination; `pods` are those of its backends' namespace, with their labels. */
export const serviceEndpoint = (
  { endpoint, way, ports }: Pick<ServiceWay, 'endpoint' | 'way' | 'ports'>,
  { service, namespace, object, outside }: Omit<AppliedService, 'podsIn'>,
  pods: readonly LabelledPod[],
  nodes: readonly ClusterNode[],
): ServiceEndpoint => {
  const backends = pods.filter(({ labels }) => hasLabels(labels, service.selector));
  const translation = (port: ServicePort): Translation => {
    const written = object.spec?.ports?.find((one) => one.port === port.number && one.protocol === port.protocol);
    return {
      port: way === 'nodeport' ? (written?.nodePort ?? port.number) : port.number,
      backends: backends.flatMap((pod) => backendOf(pod, port)),
    };
  };
  const entry = way === 'nodeport' ? entryNode(service, backends, nodes) : undefined;
  const own = object.spec?.clusterIPs ?? [];
  const addresses = {
    svc: own,
    dns: [],
    nodeport: entry?.addresses ?? [],
    external: outside.filter((one) => own.some((other) => familyOf(other) === familyOf(one))),
  };
  return {
    kind: 'service',
    endpoint,
    way,
    addresses: addresses[way],
    ports,
    ...(entry && { entry: entry.name }),
    ...(service.stickySeconds !== undefined && { sticky: true }),
    // With a trailing dot, so that no search list is tried.
    ...(way === 'dns' && { dnsName: `${service.name}.${namespace}.svc.${CLUSTER_DOMAIN}.` }),
    translations: new Map(service.ports.map((port) => [portText(port), translation(port)])),
  };
};

export interface LabelledPod extends PodEndpoint {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The node whose port is used. With `Local`, a node that has a backend, because no other node lets anything in.
 * Otherwise, if there is one, a node without a backend, so that it forwards the packet with its own address.
 */
const entryNode = (
  { nodePort }: Service,
  backends: readonly PodEndpoint[],
  nodes: readonly ClusterNode[],
): ClusterNode | undefined => {
  const has = ({ name }: ClusterNode): boolean => backends.some(({ node }) => node === name);
  return nodes.find((node) => has(node) === (nodePort === 'Local')) ?? nodes[0];
};

const backendOf = (
  { endpoint, namespace, pod, node, hostNetwork, ports }: PodEndpoint,
  { target, protocol }: ServicePort,
): Backend[] => {
  const isTarget = (own: Port): boolean =>
    own.protocol === protocol && (typeof target === 'number' ? own.number : own.name) === target;
  const port = ports.find(isTarget)?.number;
  return port === undefined ? [] : [{ endpoint, namespace, pod, node, ...(hostNetwork && { hostNetwork }), port }];
};
