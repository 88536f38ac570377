/** The ways that a probe may take once a Service's address is translated: policies act on the endpoint behind it. */

import { DNS_PORT } from './cluster-dns.ts';
import { both, type Connection, connectionOf, type Decision, decideSide, type Model, unanimous } from './decide.ts';
import { ANY_NODE, type Endpoint } from './endpoint.ts';
import { hasLabels } from './selector.ts';
import type { Probe, ServicePort, WorldService } from './world.ts';

/** One way to one backend. */
export interface Route {
  /** What the source's egress policies see: one of these. */
  readonly egress: readonly Connection[];
  /** What the destination's ingress policies see: one of these. */
  readonly ingress: readonly Connection[];
  /** The name has to be looked up before, at one of the DNS servers; none are known where this is empty. */
  readonly lookups?: readonly Connection[];
  /** No Service's address comes in between. */
  readonly headless?: boolean;
}

const SERVICE = /^(svc|dns|nodeport):(.+)$/;

/** kube-apiserver's default for --service-node-port-range. */
const NODE_PORTS = [30_000, 32_767] as const;

/**
 * Every way that a probe may take: one for each backend of a Service, else one. None where a Service has no backend. Throws
 * a RangeError for an endpoint or a Service that the model does not have.
 */
export const routesOf = (model: Model, probe: Probe): readonly Route[] => {
  const [, way, name = ''] = SERVICE.exec(probe.to) ?? [];
  if (way === undefined) return [routeOf(connectionOf(model, probe))];
  const service = model.services.get(name);
  const port = service?.ports.find(({ number, protocol }) => number === probe.port && protocol === probe.protocol);
  if (!service || !port) throw new RangeError(`there is no Service ${probe.to} with port ${probe.port} in this model`);
  const routes = backendsOf(model, service, port).map(([backend, number]) =>
    routeOf(connectionOf(model, { ...probe, to: backend.name, port: number })),
  );
  // What a pod sends to a node may already carry the address of its own node.
  const keepsAddress = service.externalTrafficPolicy === 'Local' && probe.from.startsWith('host:');
  if (way === 'nodeport' && !keepsAddress) return routes.map(throughNode);
  const { headless = false } = service;
  if (way !== 'dns') return routes;
  const lookups = lookupsOf(model, probe);
  return routes.map((route) => ({ ...route, lookups, headless }));
};

/** The backends of a Service's port, with the port of each. One that lacks a named target port is none. */
export const backendsOf = (
  { endpoints }: Pick<Model, 'endpoints'>,
  { namespace, selector }: Pick<WorldService, 'namespace' | 'selector'>,
  { target, protocol }: ServicePort,
): readonly (readonly [backend: Endpoint, port: number])[] =>
  [...endpoints.values()]
    .filter((endpoint) => endpoint.namespace?.name === namespace && hasLabels(endpoint.labels, selector))
    .flatMap((backend) => {
      const number =
        typeof target === 'number'
          ? target
          : backend.ports.find((own) => own.name === target && own.protocol === protocol)?.number;
      return number === undefined ? [] : [[backend, number] as const];
    });

const routeOf = (connection: Connection): Route => ({ egress: [connection], ingress: [connection] });

/** Resolvers ask over UDP first, and over TCP only for what is too long for that (RFC 7766). */
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
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors).
 */
const throughNode = (route: Route): Route => ({
  ...route,
  egress: route.egress.flatMap((connection) => [
    connection,
    ...NODE_PORTS.map((port) => ({ ...connection, port, to: nodeLike(connection.to) })),
  ]),
  ingress: route.ingress.flatMap((connection) => [connection, { ...connection, from: nodeLike(connection.from) }]),
});

const nodeLike = ({ families, never }: Endpoint): Endpoint => ({ ...ANY_NODE, families, never });

/**
 * What policies say of a probe, whatever it goes to. A Service without a backend lets nothing through; one whose backends
 * differ is `unknown`, for it hangs on the backend that is chosen. Throws a RangeError for what the model does not have.
 */
export const decide = (model: Model, probe: Probe): Decision => {
  if (probe.from === probe.to) return 'allow';
  const routes = routesOf(model, probe);
  return routes.length === 0 ? 'deny' : unanimous(routes.map((route) => decideRoute(model, route)));
};

const decideRoute = (model: Model, route: Route): Decision => {
  const there = decideWay(model, route);
  const [connection] = route.egress;
  return connection && route.lookups ? both(decideLookups(model, connection.from, route.lookups), there) : there;
};

/** What policies say of a route once its name is looked up. */
const decideWay = (model: Model, { egress, ingress, headless }: Route): Decision => {
  const [first] = egress;
  const there = both(
    unanimous(egress.map((connection) => decideSide(model, connection, 'egress'))),
    unanimous(ingress.map((connection) => decideSide(model, connection, 'ingress'))),
  );
  return first && isHairpin(first) ? hairpin(there, headless) : there;
};

/** Any of the servers may be asked. Where none is known, only a source that nothing isolates surely reaches one. */
const decideLookups = (model: Model, from: Endpoint, lookups: readonly Connection[]): Decision =>
  lookups.length === 0 && model.isolating(from, 'egress').length === 0
    ? 'allow'
    : unanimous(lookups.map((lookup) => decideWay(model, routeOf(lookup))));

const hairpin = (there: Decision, headless: boolean | undefined): Decision => {
  if (headless) return 'allow';
  return there === 'deny' ? 'unknown' : there;
};

/** A pod that reaches itself by a Service: whether its policies see the node in between is open. */
const isHairpin = ({ from, to }: Connection): boolean => from.name === to.name;

/**
 * Whether the specification leaves open what policies do to a probe of which the model says `unknown`: an end shares the
 * network of a node, or packets may have a node's address where policies see them. That backends differ is not enough.
 */
export const isLeftOpen = (model: Model, probe: Probe): boolean =>
  probe.from !== probe.to &&
  routesOf(model, probe).some((route) => meetsNode(route) && decideRoute(model, route) === 'unknown');

const meetsNode = ({ egress, ingress, headless, lookups = [] }: Route): boolean =>
  lookups.some((lookup) => meetsNode(routeOf(lookup))) ||
  egress.length > 1 ||
  ingress.length > 1 ||
  egress.some(
    (connection) =>
      (isHairpin(connection) && !headless) ||
      [connection.from, connection.to].some(({ hostNetwork, runs }) => hostNetwork || runs !== undefined),
  );

/** A probe as policies see it, for an explanation. */
export interface RoutedProbe {
  readonly asked: Probe;
  /** To the backend that stands for the decision; null without one. */
  readonly probe: Probe | null;
  readonly backends: number;
  /** Policies keep the source from looking the name up. */
  readonly cutOff: boolean;
  /** Policies may see a node in between, so that what they say of the two ends alone is not all. */
  readonly leftOpen: boolean;
}

/** Of a Service's backends the first for which the policies decide as they do for the whole. */
export const routeProbe = (model: Model, asked: Probe): RoutedProbe => {
  const routes = asked.from === asked.to ? [] : routesOf(model, asked);
  if (!SERVICE.test(asked.to)) return { asked, probe: asked, backends: 1, cutOff: false, leftOpen: false };
  const decision = decide(model, asked);
  const [first] = routes;
  const source = first?.egress[0]?.from;
  const cutOff = source && first.lookups ? decideLookups(model, source, first.lookups) === 'deny' : false;
  const telling = routes.find((route) => decideRoute(model, route) === decision) ?? routes[0];
  const [connection] = telling?.egress ?? [];
  const probe = connection ? { ...asked, to: connection.to.name, port: connection.port } : null;
  const leftOpen = decision === 'unknown' && isLeftOpen(model, asked);
  return { asked, probe, backends: routes.length, cutOff, leftOpen };
};
