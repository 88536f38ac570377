import type { Client, KubeObject } from '../../kube/index.ts';
import { hasLabels } from '../../model/index.ts';
import { type Port, portText, type Service, type ServicePort, type ServiceWay } from '../../scenario/index.ts';
import type { Backend, PodEndpoint, ServiceEndpoint, Translation } from '../endpoint.ts';
import type { ClusterNode } from '../nodes.ts';
import { serviceManifest } from './service-manifest.ts';

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
}

/** Creates a Service. */
export const applyService = async (
  client: Client,
  service: Service,
  namespace: string,
  signal?: AbortSignal,
): Promise<AppliedService> => {
  const object = (await client.apply(serviceManifest(service, namespace), { signal })) as ServiceObject;
  return { service, namespace, object };
};

/** kubeadm's domain, and so kind's. */
const CLUSTER_DOMAIN = 'cluster.local';

/** The way to a Service as a destination; `pods` are those of its namespace, with their labels. */
export const serviceEndpoint = (
  { endpoint, way, ports }: Pick<ServiceWay, 'endpoint' | 'way' | 'ports'>,
  { service, namespace, object }: AppliedService,
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
  const addresses = {
    svc: object.spec?.clusterIPs ?? [],
    dns: [],
    nodeport: entry?.addresses ?? [],
  };
  return {
    kind: 'service',
    endpoint,
    way,
    addresses: addresses[way],
    ports,
    ...(entry && { entry: entry.name }),
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
