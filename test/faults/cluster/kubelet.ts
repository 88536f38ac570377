import type { Json, KubeObject, Pod } from './objects.ts';
import { NAMESPACES, NODES, PODS } from './paths.ts';
import type { Change, Store } from './store.ts';

const START_MS = 30;
const END_MS = 50;

const now = (): string => new Date().toISOString().replace(/\.\d+/, '');

export const readyStatus = (address: string, nodeAddress: string): Json => ({
  phase: 'Running',
  podIP: address,
  podIPs: [{ ip: address }],
  hostIP: nodeAddress,
  hostIPs: [{ ip: nodeAddress }],
  startTime: now(),
  conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now(),
  })),
  containerStatuses: [{ name: 'probe', ready: true, restartCount: 0, state: { running: { startedAt: now() } } }],
});

/** A pod whose server ended, as the kubelet tells it. */
export const endedStatus = (pod: Pod, terminated: { readonly reason: string; readonly exitCode: number }): Json => ({
  ...pod.status,
  phase: 'Failed',
  conditions: ['ContainersReady', 'Ready'].map((type) => ({ type, status: 'False', lastTransitionTime: now() })),
  containerStatuses: [{ name: 'probe', ready: false, restartCount: 0, state: { terminated } }],
});

interface Term {
  readonly matchExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[];
}

/** The host name that a node affinity asks for or prefers. */
const wantedNode = ({ spec }: Pod): string | undefined => {
  const affinity = (spec.affinity as { nodeAffinity?: Record<string, unknown> } | undefined)?.nodeAffinity ?? {};
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution as
    | { readonly nodeSelectorTerms: readonly Term[] }
    | undefined;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution as
    | readonly { readonly preference: Term }[]
    | undefined;
  const terms = [...(required?.nodeSelectorTerms ?? []), ...(preferred ?? []).map(({ preference }) => preference)];
  return terms.flatMap(({ matchExpressions = [] }) => matchExpressions).flatMap(({ values = [] }) => values)[0];
};

const addressOf = (node: KubeObject | undefined): string =>
  (node?.status?.addresses as readonly { type: string; address: string }[] | undefined)?.find(
    ({ type }) => type === 'InternalIP',
  )?.address ?? '';

/** Schedules and starts pods, and empties namespaces that are deleted: the controllers that podreach relies on. */
export const runControllers = (store: Store): (() => void) => {
  let addresses = 10;
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  const start = ({ metadata: { name, namespace, uid } }: KubeObject): void => {
    const pod = store.get({ ...PODS, namespace }, name) as Pod | undefined;
    if (pod?.metadata.uid !== uid || !pod || pod.status?.phase !== 'Pending') return;
    addresses += 1;
    const nodes = store.list(NODES);
    const node = nodes.find((one) => one.metadata.name === wantedNode(pod)) ?? nodes[addresses % nodes.length];
    const nodeName = pod.spec.nodeName ?? node?.metadata.name ?? '';
    const index = nodes.findIndex((one) => one.metadata.name === nodeName);
    const address = pod.spec.hostNetwork ? addressOf(node) : `192.168.${64 + index}.${addresses}`;
    store.put(
      { ...PODS, namespace },
      { ...pod, spec: { ...pod.spec, nodeName }, status: readyStatus(address, addressOf(node)) },
    );
  };

  const empty = (namespace: string): void => {
    for (const plural of ['pods', 'services', 'serviceaccounts', 'events', 'configmaps'])
      for (const { metadata } of store.list({ group: 'api/v1', plural, namespace }))
        store.remove({ group: 'api/v1', plural, namespace }, metadata.name);
    const policies = { group: 'apis/networking.k8s.io/v1', plural: 'networkpolicies', namespace };
    for (const { metadata } of store.list(policies)) store.remove(policies, metadata.name);
    store.remove(NAMESPACES, namespace);
  };

  const stop = store.follow(({ type, collection, object }: Change) => {
    if (collection.plural === 'pods' && type === 'ADDED') later(START_MS, () => start(object));
    if (collection.plural !== 'namespaces') return;
    const { name, deletionTimestamp } = object.metadata;
    if (type === 'ADDED')
      store.put(
        { group: 'api/v1', plural: 'serviceaccounts', namespace: name },
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
      );
    if (type === 'MODIFIED' && deletionTimestamp !== undefined) later(END_MS, () => empty(name));
  });
  return () => {
    stop();
    for (const timer of timers) clearTimeout(timer);
  };
};
