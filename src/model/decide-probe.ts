/** What policies decide about a probe to any kind of destination, over all its routes. */
import { both, type Connection, type Decision, decideSide, type Model, unanimous } from './decide.ts';
import type { Endpoint } from './endpoint.ts';
import { isService, type Route, routeOf, routesOf } from './route.ts';
import type { Probe } from './world.ts';

/**
 * What policies decide about a probe to any kind of destination. A Service without backends lets nothing through. A
 * Service whose backends differ is `unknown`, because the answer depends on which one is chosen. Throws a RangeError
 * for an endpoint or Service that the model does not have.
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

/** What policies decide about a route, after any lookup. */
export const decideWay = (model: Model, { egress, ingress, headless }: Route): Decision => {
  const [first] = egress;
  const there = both(
    unanimous(egress.map((connection) => decideSide(model, connection, 'egress'))),
    unanimous(ingress.map((connection) => decideSide(model, connection, 'ingress'))),
  );
  return first && isHairpin(first) ? hairpin(there, headless) : there;
};

/** Any of the servers may be asked. If none is known, only a source that nothing isolates surely reaches one. */
export const decideLookups = (model: Model, from: Endpoint, lookups: readonly Connection[]): Decision =>
  lookups.length === 0 && model.isolating(from, 'egress').length === 0
    ? 'allow'
    : unanimous(lookups.map((lookup) => decideWay(model, routeOf(lookup))));

const hairpin = (there: Decision, headless: boolean | undefined): Decision => {
  if (headless) return 'allow';
  return there === 'deny' ? 'unknown' : there;
};

/**
 * Whether policies let some backends of a Service be reached and others not, so that the answer depends on which one is
 * chosen. Meant for probes for which `decide` says `unknown`.
 */
export const backendsDiffer = (model: Model, probe: Probe): boolean =>
  isService(model, probe) && differ(routesOf(model, probe).map((route) => decideWay(model, route)));

/**
 * Whether the probe goes to a Service that sends all connections of a client to one backend. If backends differ, what
 * such a client sees is true of that backend only.
 */
export const isSticky = ({ ways }: Model, { to }: Pick<Probe, 'to'>): boolean => {
  const service = ways.get(to)?.service;
  return service?.sticky === true && service.headless !== true;
};

/**
 * Whether it is not known whether policies let the name be looked up. Meant for probes for which `decide` says
 * `unknown`.
 */
export const lookupUnknown = (model: Model, probe: Probe): boolean =>
  routesOf(model, probe).some(({ egress: [connection], lookups }) =>
    connection && lookups ? decideLookups(model, connection.from, lookups) === 'unknown' : false,
  );

export const differ = (decisions: readonly Decision[]): boolean =>
  decisions.includes('allow') && decisions.includes('deny');

/** A pod that reaches itself through a Service: it is undefined whether its policies see the node in between. */
const isHairpin = ({ from, to }: Connection): boolean => from.name === to.name;

/**
 * Whether the specification leaves undefined what policies do to a probe that is `unknown` to the model: an end shares
 * its node's network, or policies may see a node's address. Backends that differ do not count.
 */
export const isLeftOpen = (model: Model, probe: Probe): boolean =>
  probe.from !== probe.to &&
  routesOf(model, probe).some((route) => meetsNode(route) && decideRoute(model, route) === 'unknown');

const meetsNode = ({ egress, headless, lookups = [] }: Route): boolean =>
  lookups.some((lookup) => meetsNode(routeOf(lookup))) ||
  egress.length > 1 ||
  egress.some(
    (connection) =>
      (isHairpin(connection) && !headless) ||
      [connection.from, connection.to].some(({ hostNetwork, runs }) => hostNetwork || runs !== undefined),
  );
