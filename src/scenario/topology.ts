import { parseAddress } from '../model/index.ts';
import type { Host, Pod, Port, Probe, Topology } from './scenario.ts';

/** `80/TCP`, as kubectl prints a port. */
export const portText = ({ number, protocol }: Pick<Port, 'number' | 'protocol'>): string => `${number}/${protocol}`;

/** All pods in the order in which the scenario names them. */
export const podsOf = (topology: Topology): readonly Pod[] =>
  topology.namespaces.flatMap((namespace) => namespace.pods);

/** All pods, and behind them the hosts outside the cluster. */
export const endsOf = (topology: Topology): readonly (Pod | Host)[] => [...podsOf(topology), ...topology.hosts];

const isHost = (end: Pod | Host): end is Host => !('namespace' in end);

/** Between two hosts there is no cluster, and no policy. */
export const isProbed = (from: Pod | Host, to: Pod | Host): boolean => !(isHost(from) && isHost(to));

/**
 * Every probe of the matrix, row by row: each pod and host as source to each port of each of them, pods themselves
 * included, but not from host to host.
 */
export const probesOf = (topology: Topology): readonly Probe[] => {
  const ends = endsOf(topology);
  return ends.flatMap((from) =>
    ends
      .filter((to) => isProbed(from, to))
      .flatMap((to) =>
        to.ports.map(({ number, protocol }) => ({ from: from.endpoint, to: to.endpoint, port: number, protocol })),
      ),
  );
};

/** The cell's key: two probes with the same key are the same cell. */
export const probeKey = ({ from, to, port, protocol }: Probe): string => `${from} > ${to} ${port}/${protocol}`;

/** Equal for the same IP address, however it is written. */
export const addressKey = (text: string): string => {
  const address = parseAddress(text);
  return address ? `${address.family} ${address.value}` : text;
};

/** Equal for topologies that mean the same pods; the order of labels says nothing, that of pods does. */
export const topologyKey = (topology: Topology): string =>
  JSON.stringify(topology, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
