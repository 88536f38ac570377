import { type Deployment, type Endpoint, isHost, isService } from '../deploy/index.ts';
import type { Observation } from '../probe/index.ts';
import { type Family, type Probe, portText } from '../scenario/index.ts';
import { type NodePath, pathKey } from '../settle/index.ts';

/** Where probes start and end. */
export type Placed = Pick<Deployment, 'endpoints' | 'families'>;

/**
 * The paths between nodes that these probes take, there and back, each once. A Service leads to the nodes of all its
 * backends, and a node port through the node that is entered. If one end is outside the cluster, or is the kubelet, it
 * is the path within the node of the other end.
 */
export const pathsOf = (probes: readonly Probe[], placed: Placed): readonly NodePath[] => {
  const all = probes.flatMap((probe) => pathsOfProbe(probe, placed));
  return [...new Map(all.map((path) => [pathKey(path), path])).values()];
};

const pathsOfProbe = (probe: Probe, { endpoints, families }: Placed): readonly NodePath[] => {
  if (probe.from === probe.to) return [];
  const family: Family = probe.family ?? families[0] ?? 'IPv4';
  const starts = nodesOf(endpoints.get(probe.from), probe, endpoints);
  const ends = nodesOf(endpoints.get(probe.to), probe, endpoints);
  const between = (from: readonly string[], to: readonly string[]): readonly NodePath[] =>
    from.flatMap((one) =>
      to.flatMap((other) => [
        { from: one, to: other, family },
        { from: other, to: one, family },
      ]),
    );
  const entry = entryOf(endpoints.get(probe.to));
  return [
    ...between(starts.length > 0 ? starts : ends, ends.length > 0 ? ends : starts),
    ...between(entry, [...starts, ...ends]),
  ];
};

const nodesOf = (endpoint: Endpoint | undefined, probe: Probe, endpoints: Placed['endpoints']): readonly string[] => {
  if (!endpoint || isHost(endpoint)) return [];
  if (!isService(endpoint)) return [endpoint.node];
  const backends =
    endpoint.translations.get(portText({ number: probe.port, protocol: probe.protocol }))?.backends ?? [];
  return [...new Set(backends.flatMap((backend) => nodesOf(endpoints.get(backend.endpoint), probe, endpoints)))];
};

const entryOf = (endpoint: Endpoint | undefined): readonly string[] =>
  endpoint && isService(endpoint) && endpoint.entry !== undefined ? [endpoint.entry] : [];

/**
 * The observations, with an error in place of everything blocked on a path that carried nothing at the time: no policy
 * applies to the connections that were tried there, so the network is at fault.
 * @param broken By `pathKey`, with the reason.
 */
export const withoutBrokenPaths = (
  observations: readonly Observation[],
  placed: Placed,
  broken: ReadonlyMap<string, string>,
): readonly Observation[] =>
  observations.map((observation) => {
    if (!isBlocked(observation)) return observation;
    const path = pathsOfProbe(observation, placed).find((one) => broken.has(pathKey(one)));
    if (!path) return observation;
    const way = path.from === path.to ? `within node ${path.from}` : `from node ${path.from} to node ${path.to}`;
    return doubt(observation, `the path ${way} carried nothing while probing: ${broken.get(pathKey(path))}`);
  });

const isBlocked = ({ verdict }: Observation): boolean => verdict === 'dropped' || verdict === 'rejected';

const doubt = (observation: Observation, why: string): Observation => ({
  ...observation,
  verdict: 'error',
  flaky: false,
  detail: observation.detail === '' ? why : `${why}; ${observation.detail}`,
});
