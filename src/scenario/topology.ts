import { endName, KUBELET, parseAddress } from '../model/index.ts';
import type { Family, Host, Node, Pod, Port, Probe, Service, ServiceWay, Topology } from './scenario.ts';

/** `80/TCP`, as kubectl prints a port. */
export const portText = ({ number, protocol }: Pick<Port, 'number' | 'protocol'>): string => `${number}/${protocol}`;

/** All pods in the scenario's order. */
export const podsOf = (topology: Topology): readonly Pod[] =>
  topology.namespaces.flatMap((namespace) => namespace.pods);

/** The source of readiness probes. */
export interface Kubelet {
  readonly kind: 'kubelet';
  readonly endpoint: typeof KUBELET;
  readonly ports: readonly [];
}

type PodEnd = Pod & { readonly kind: 'pod' };

/** Where a probe may start or end. */
export type End =
  | PodEnd
  | (Host & { readonly kind: 'host' })
  | (Node & { readonly kind: 'node' })
  | ServiceWay
  | Kubelet;

/** Every end of the topology: pods, nodes, hosts outside the cluster, Services. */
export const endsOf = (topology: Topology): readonly End[] => {
  const ends = known.get(topology) ?? [
    ...podsOf(topology).map((pod) => ({ kind: 'pod' as const, ...pod })),
    ...topology.nodes.map((node) => ({ kind: 'node' as const, ...node })),
    ...topology.hosts.map((host) => ({ kind: 'host' as const, ...host })),
    ...topology.services.flatMap(waysOf),
  ];
  known.set(topology, ends);
  return ends;
};

const known = new WeakMap<Topology, readonly End[]>();

/** The ends that probes start from; if some pod has a readiness probe, the kubelet comes last. */
export const sourcesOf = (topology: Topology): readonly End[] => [
  ...endsOf(topology).filter(({ kind }) => kind !== 'service'),
  ...(podsOf(topology).some(({ readiness }) => readiness !== undefined) ? [THE_KUBELET] : []),
];

const THE_KUBELET: Kubelet = { kind: 'kubelet', endpoint: KUBELET, ports: [] };

const waysOf = (service: Service): readonly ServiceWay[] => {
  const ways = [
    ...(service.headless || service.aliasOf ? [] : (['svc'] as const)),
    ...(service.byName ? (['dns'] as const) : []),
    ...(service.nodePort === null ? [] : (['nodeport'] as const)),
    ...(service.external === undefined ? [] : (['external'] as const)),
  ];
  const { namespace, name, ports } = service;
  return ways.map((way) => {
    const end = { kind: 'service', way, namespace, name } as const;
    return { ...end, endpoint: endName(end), service, ports };
  });
};

/** The namespace of the pods behind a Service. */
export const backendNamespace = ({ namespace, aliasOf }: Pick<Service, 'namespace' | 'aliasOf'>): string =>
  aliasOf?.namespace ?? namespace;

export const isPod = (end: End): end is PodEnd => end.kind === 'pod';

/**
 * Pairs that are not probed: those that involve no pod of the cluster, and those that can't connect under any policies.
 */
const NOT_PROBED: ReadonlySet<string> = new Set([
  'host > host',
  'host > node',
  'host > svc',
  'host > dns',
  'host > external',
  'node > host',
  'node > node',
  'node > dns',
  'node > nodeport',
  'node > external',
]);

/** Whether there is a cell from one end to a port of the other. */
export const isProbed = (from: End, to: End, { number, protocol }: Pick<Port, 'number' | 'protocol'>): boolean => {
  if (from.kind === 'kubelet') return to.kind === 'pod' && to.readiness === number && protocol === 'TCP';
  if (from.kind === 'host' && to.kind === 'pod' && to.hostNetwork) return false;
  if (from.kind === 'pod' && from.hostNetwork && to.kind === 'host') return false;
  return !NOT_PROBED.has(`${from.kind} > ${to.kind === 'service' ? to.way : to.kind}`);
};

/** Every probe of the matrix, row by row: each source to each port of each end, including pods to themselves. */
export const probesOf = (topology: Topology): readonly Probe[] => [...eachProbeOf(topology)];

/**
 * The same one by one, because a large matrix is more than should be held twice. With `familiesOf`, once for each family
 * that it gives for the two ends.
 */
export function* eachProbeOf(
  topology: Topology,
  familiesOf?: (from: End, to: End) => readonly Family[],
): Generator<Probe> {
  const ends = endsOf(topology);
  for (const from of sourcesOf(topology))
    for (const to of ends) {
      const families = familiesOf?.(from, to);
      for (const port of to.ports) {
        if (!isProbed(from, to, port)) continue;
        const probe = { from: from.endpoint, to: to.endpoint, port: port.number, protocol: port.protocol };
        if (!families) yield probe;
        else for (const family of families) yield { ...probe, family };
      }
    }
}

/** Just the probe, without what else the object has. */
export const bareProbe = ({ from, to, port, protocol, family }: Probe): Probe => ({
  from,
  to,
  port,
  protocol,
  ...(family !== undefined && { family }),
});

/** The cell's key: two probes with the same key are the same cell. */
export const probeKey = ({ from, to, port, protocol, family }: Probe): string =>
  `${from} > ${to} ${port}/${protocol}${family === undefined ? '' : ` ${family}`}`;

export const familyOf = (address: string): Family | undefined => parseAddress(address)?.family;

/** Equal for the same IP address, however it is written. */
export const addressKey = (text: string): string => {
  const address = parseAddress(text);
  return address ? `${address.family} ${address.value}` : text;
};

/** Equal for topologies with the same pods; the order of pods matters, that of labels does not. */
export const topologyKey = (topology: Topology): string =>
  JSON.stringify(topology, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
