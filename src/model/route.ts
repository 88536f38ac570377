/** The routes that a probe may take once a Service's address is translated: policies act on the endpoint behind it. */

import { DNS_PORT } from './cluster-dns.ts';
import { type Connection, connectionOf, type Model } from './decide.ts';
import { ANY_NODE, type Endpoint } from './endpoint.ts';
import { hasLabels } from './selector.ts';
import type { Probe, ServicePort, WorldService } from './world.ts';

/** One route to one backend. */
export interface Route {
  /** What the source's egress policies see: one of these connections. */
  readonly egress: readonly Connection[];
  /** What the destination's ingress policies see: one of these connections. */
  readonly ingress: readonly Connection[];
  /** Lookups of the name, which come first and go to one of the DNS servers; empty if no server is known. */
  readonly lookups?: readonly Connection[];
  /** There is no Service address in between. */
  readonly headless?: boolean;
}

export const isService = ({ ways }: Model, { to }: Probe): boolean => ways.has(to);

/** kube-apiserver's default for --service-node-port-range. */
const NODE_PORTS = [30_000, 32_767] as const;

/**
 * Every route that a probe may take: one per backend of a Service, otherwise just one. None if a Service has no
 * backend. Throws a RangeError for an endpoint or a Service that the model does not have.
 */
export const routesOf = (model: Model, probe: Probe): readonly Route[] => {
  const found = model.ways.get(probe.to);
  if (!found) return [routeOf(connectionOf(model, probe))];
  const { way, service } = found;
  const port = service.ports.find(({ number, protocol }) => number === probe.port && protocol === probe.protocol);
  if (!port) throw new RangeError(`there is no Service ${probe.to} with port ${probe.port} in this model`);
  const routes = knownBackends(model, service, port).map(([backend, number]) =>
    routeOf(connectionOf(model, { ...probe, to: backend.name, port: number })),
  );
  // What a pod sends to a node may already carry the address of the pod's own node.
  const keepsAddress = service.externalTrafficPolicy === 'Local' && model.endpoints.get(probe.from)?.kind === 'host';
  if (way === 'nodeport' && !keepsAddress) return routes.map((route) => translated(route, NODE_PORTS));
  if (way === 'external') return routes.map((route) => translated(route, [port.number]));
  const { headless = false } = service;
  if (way !== 'dns') return routes;
  const lookups = lookupsOf(model, probe);
  return routes.map((route) => ({ ...route, lookups, headless }));
};

/**
 * The backends of a Service's port, each with its own port. A pod that lacks the named target port is not a backend.
 */
export const backendsOf = (
  { endpoints }: Pick<Model, 'endpoints'>,
  { namespace, podsIn = namespace, selector }: Pick<WorldService, 'namespace' | 'podsIn' | 'selector'>,
  { target, protocol }: ServicePort,
): readonly (readonly [backend: Endpoint, port: number])[] =>
  [...endpoints.values()]
    .filter((endpoint) => endpoint.namespace?.name === podsIn && hasLabels(endpoint.labels, selector))
    .flatMap((backend) => {
      const number =
        typeof target === 'number'
          ? target
          : backend.ports.find((own) => own.name === target && own.protocol === protocol)?.number;
      return number === undefined ? [] : [[backend, number] as const];
    });

const backends = new WeakMap<Model, Map<ServicePort, ReturnType<typeof backendsOf>>>();

/** Cached, because every source asks for the same ones. */
const knownBackends = (model: Model, service: WorldService, port: ServicePort): ReturnType<typeof backendsOf> => {
  const known = backends.get(model) ?? new Map();
  backends.set(model, known);
  const found = known.get(port) ?? backendsOf(model, service, port);
  known.set(port, found);
  return found;
};

/** The route of a connection without any address translation. */
export const routeOf = (connection: Connection): Route => ({ egress: [connection], ingress: [connection] });

/** Resolvers use UDP first, and TCP only for answers too long for UDP (RFC 7766). */
const lookupsOf = (model: Model, probe: Probe): readonly Connection[] => {
  const { servers, families } = model.dns;
  const { from } = connectionOf(model, { ...probe, to: probe.from });
  return servers.map((server) => {
    const to = server.addresses ? server : { ...server, families: families ?? from.families };
    return { from, to, port: DNS_PORT, protocol: 'UDP' };
  });
};

/**
 * Whether policies see the addresses before or after a node has rewritten them, "is not defined, and the behavior may be
 * different for different combinations of network plugin, cloud provider, Service implementation"
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors). Nothing
 * is known of the address in front, be it a node's or one outside, nor of the node that the packet may come from.
 */
const translated = (route: Route, ports: readonly number[]): Route => ({
  ...route,
  egress: route.egress.flatMap((connection) => [
    connection,
    ...ports.map((port) => ({ ...connection, port, to: nodeLike(connection.to) })),
  ]),
  ingress: route.ingress.flatMap((connection) => [connection, { ...connection, from: nodeLike(connection.from) }]),
});

const nodeLike = ({ families, never }: Endpoint): Endpoint => ({ ...ANY_NODE, families, never });
