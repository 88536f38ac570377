import type { Manifest } from '../kube/index.ts';
import type { Pod, Port } from '../scenario/index.ts';
import { answerOf, CONTAINER, hostnameOf } from './endpoint.ts';
import { RECORDED_SERVE_SCRIPT, SERVE_SCRIPT } from './serve-script.ts';

export interface Placement {
  /** The cluster's name for the namespace. */
  readonly namespace: string;
  readonly image: string;
  /** The node's kubernetes.io/hostname label; without it the scheduler is free to choose. */
  readonly hostname?: string | undefined;
  /** Whether the pod must run on this node. */
  readonly pinned?: boolean;
  /** With these arguments a recorder runs from its container's first moment, in addition to the servers. */
  readonly recorder?: readonly string[];
}

/** A pod's readiness probe. */
export interface ReadinessOf {
  readonly readiness: number;
  /** Whether the server must answer. The kernel accepts connections even for a server that hangs. */
  readonly hasToAnswer?: boolean;
}

/** `nobody` in Debian and in BusyBox. */
const UNPRIVILEGED_ID = 65534;
/** https://docs.tigera.io/calico/latest/networking/ipam/use-specific-ip: a JSON list of one address. */
const ADDRESS_ANNOTATION = 'cni.projectcalico.org/ipAddrs';
const CONTROL_PLANE_TAINTS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/**
 * The pod of an endpoint, with exactly the scenario's labels: selectors must see no others. Passes the `restricted` Pod
 * Security Standard (kubernetes.io/docs/concepts/security/pod-security-standards), which allows the sysctl
 * net.ipv4.ip_unprivileged_port_start.
 */
export const podManifest = (
  pod: Pick<Pod, 'name' | 'labels' | 'ports'> & Partial<Pod> & Partial<ReadinessOf>,
  placement: Placement,
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: pod.name,
    namespace: placement.namespace,
    labels: pod.labels,
    ...(pod.addresses && { annotations: { [ADDRESS_ANNOTATION]: JSON.stringify(pod.addresses) } }),
  },
  spec: {
    hostname: hostnameOf({ namespace: placement.namespace, pod: pod.name }),
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    ...(pod.hostNetwork && { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: UNPRIVILEGED_ID,
      runAsGroup: UNPRIVILEGED_ID,
      seccompProfile: { type: 'RuntimeDefault' },
      // The pod may not configure its node's network.
      ...(!pod.hostNetwork && { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] }),
    },
    tolerations: CONTROL_PLANE_TAINTS.map((key) => ({ key, operator: 'Exists', effect: 'NoSchedule' })),
    ...(placement.hostname !== undefined && { affinity: affinityTo(placement.hostname, placement.pinned ?? false) }),
    containers: [
      {
        name: CONTAINER,
        image: placement.image,
        imagePullPolicy: 'IfNotPresent',
        command: [
          'sh',
          '-c',
          literal(placement.recorder ? RECORDED_SERVE_SCRIPT : SERVE_SCRIPT),
          'serve',
          ...numbers(pod.ports, 'UDP').map(String),
        ],
        env: [...serverVariables(pod, placement.namespace), ...recorderVariables(placement)],
        ports: containerPorts(pod.ports),
        ...(pod.readiness !== undefined && { readinessProbe: readinessProbe({ ...pod, readiness: pod.readiness }) }),
        resources: { requests: { cpu: '5m', memory: '16Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  },
});

/**
 * Kubernetes expands `$(NAME)` in commands and turns `$$` into `$` (core/v1 Container.command), including the `$$` of a
 * shell.
 */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

const numbers = (ports: readonly Port[], protocol: Port['protocol']): readonly number[] =>
  ports.filter((port) => port.protocol === protocol).map(({ number }) => number);

const serverVariables = (pod: Pick<Pod, 'name' | 'ports'>, namespace: string): readonly object[] => {
  const tcp = numbers(pod.ports, 'TCP');
  return [
    { name: 'PODREACH_TCP', value: tcp.join(' ') },
    { name: 'PODREACH_SCTP', value: numbers(pod.ports, 'SCTP').join(' ') },
    ...tcp.map((port) => ({ name: `SERVE_PORT_${port}`, value: answerOf({ namespace, pod: pod.name }, port) })),
  ];
};

const recorderVariables = ({ recorder }: Placement): readonly object[] =>
  recorder
    ? [
        { name: 'PODREACH_RECORDER', value: recorder.join(' ') },
        { name: 'PODREACH_ADDRESSES', valueFrom: { fieldRef: { fieldPath: 'status.podIPs' } } },
      ]
    : [];

/** Declared, because policies resolve port names here. */
const containerPorts = (ports: readonly Port[]): readonly object[] =>
  ports.map(({ number, protocol, name }) => ({ containerPort: number, protocol, ...(name !== undefined && { name }) }));

/** As strict as the kubelet allows: after one missing answer the pod is unready. */
const readinessProbe = ({ readiness: port, hasToAnswer }: ReadinessOf): object => ({
  ...(hasToAnswer ? { httpGet: { port, path: '/' } } : { tcpSocket: { port } }),
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 1,
});

const affinityTo = (hostname: string, pinned: boolean): object => {
  const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [hostname] }] };
  return {
    nodeAffinity: pinned
      ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }] },
  };
};
