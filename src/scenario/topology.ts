import type { Pod, Port, Probe, Topology } from './scenario.ts';

/** `80/TCP`, as kubectl prints a port. */
export const portText = ({ number, protocol }: Pick<Port, 'number' | 'protocol'>): string => `${number}/${protocol}`;

/** All pods in the order in which the scenario names them. */
export const podsOf = (topology: Topology): readonly Pod[] =>
  topology.namespaces.flatMap((namespace) => namespace.pods);

/** Every probe of the matrix, row by row: each pod as source to each port of each pod, itself included. */
export const probesOf = (topology: Topology): readonly Probe[] => {
  const pods = podsOf(topology);
  return pods.flatMap((from) =>
    pods.flatMap((to) =>
      to.ports.map(({ number, protocol }) => ({ from: from.endpoint, to: to.endpoint, port: number, protocol })),
    ),
  );
};

/** The cell's key: two probes with the same key are the same cell. */
export const probeKey = ({ from, to, port, protocol }: Probe): string => `${from} > ${to} ${port}/${protocol}`;

/** Equal for topologies that mean the same pods; the order of labels says nothing, that of pods does. */
export const topologyKey = (topology: Topology): string =>
  JSON.stringify(topology, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
