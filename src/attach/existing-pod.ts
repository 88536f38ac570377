import type { Endpoint, PodEndpoint } from '../deploy/index.ts';
import type { KubeObject } from '../kube/index.ts';
import { addressesIn, type ContainerState } from '../kube/index.ts';
import { endName } from '../model/index.ts';
import { type Port, portText } from '../scenario/index.ts';

/** A pod that podreach did not create, so its servers' answers are not known. Its endpoint is `namespace/name`. */
export interface ExistingPod extends PodEndpoint {
  readonly existing: true;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its running containers. */
  readonly containers: readonly string[];
  /** How often one of its containers was restarted. */
  readonly restarts: number;
  readonly hostNetwork: boolean;
  /** Run by its kubelet from a file; such a pod accepts no ephemeral container. */
  readonly isStatic: boolean;
  /** The service mesh proxy that accepts its connections before they reach their destination. */
  readonly proxy: string | null;
}

export const isExisting = (endpoint: Endpoint): endpoint is ExistingPod => 'existing' in endpoint;

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly {
    readonly containerPort: number;
    readonly protocol?: Port['protocol'];
    readonly name?: string;
  }[];
}

interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
}

/** The fields that are read of such a pod; shapes as in the Kubernetes API. */
export interface ExistingObject extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

/** Whether a probe can start or end there. */
export const isRunning = (pod: ExistingObject): boolean =>
  pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined && addressesIn(pod).length > 0;

/** @param ports The ports to probe; null for those that its containers declare. */
export const existingPod = (pod: ExistingObject, ports: readonly Port[] | null): ExistingPod => {
  const { name, namespace = 'default', uid = '', labels = {}, annotations = {} } = pod.metadata;
  const statuses = statusesOf(pod);
  return {
    kind: 'pod',
    existing: true,
    endpoint: endName({ kind: 'pod', namespace, name }),
    namespace,
    pod: name,
    uid,
    labels,
    node: pod.spec?.nodeName ?? '',
    addresses: addressesIn(pod),
    ports: ports ?? declaredPorts(pod),
    containers: statuses.filter(({ state }) => state?.running).map((status) => status.name),
    restarts: restartsOf(pod),
    hostNetwork: pod.spec?.hostNetwork === true,
    isStatic: Object.hasOwn(annotations, MIRROR_ANNOTATION),
    proxy: proxyOf(pod),
  };
};

export const restartsOf = (pod: ExistingObject): number =>
  statusesOf(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);

/** kubernetes.io/docs/reference/labels-annotations-taints: a kubelet sets it on the mirror of a static pod. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Includes init containers that keep running: they are sidecars. */
const statusesOf = ({ status }: ExistingObject): readonly ContainerStatus[] => [
  ...(status?.containerStatuses ?? []),
  ...(status?.initContainerStatuses ?? []),
];

const containersOf = ({ spec }: ExistingObject): readonly Container[] => [
  ...(spec?.containers ?? []),
  ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
];

const declaredPorts = (pod: ExistingObject): readonly Port[] => {
  const ports = containersOf(pod).flatMap(({ ports = [] }) =>
    ports.map(({ containerPort: number, protocol = 'TCP', name }) => ({ number, protocol, ...(name && { name }) })),
  );
  return [...new Map(ports.map((port) => [portText(port), port])).values()];
};

/** The containers with which the service meshes Istio, Linkerd, Kuma and Consul redirect a pod's traffic. */
const PROXIES: ReadonlySet<string> = new Set(['istio-proxy', 'linkerd-proxy', 'kuma-sidecar', 'consul-dataplane']);
/** Istio without sidecars marks the pods whose connections its ztunnel takes. */
const AMBIENT_ANNOTATION = 'ambient.istio.io/redirection';

const proxyOf = (pod: ExistingObject): string | null =>
  containersOf(pod).find(({ name }) => PROXIES.has(name))?.name ??
  (pod.metadata.annotations?.[AMBIENT_ANNOTATION] === 'enabled' ? 'ztunnel' : null);
