/** Why a probe to any kind of destination has its result: a Service becomes connections to the pods behind it. */
import type { Connection, Decision, Model } from '../decide.ts';
import { decide, decideLookups, decideWay, differ, isLeftOpen, isSticky } from '../decide-probe.ts';
import { isService, type Route, routesOf } from '../route.ts';
import type { Probe } from '../world.ts';
import { type Explanation, explainConnection } from './explain.ts';

/** A pod behind a Service, the port that reaches it, and what policies decide about that. */
export interface Backend extends Pick<Probe, 'port'> {
  readonly endpoint: string;
  readonly decision: Decision;
}

/** The lookup of a name before the connection. */
export interface Lookup {
  readonly decision: Decision;
  /** The first server for each decision; empty if the servers' pods are unknown. */
  readonly explanations: readonly Explanation[];
}

export interface ProbeExplanation {
  readonly asked: Probe;
  /** The same as from `decide`. */
  readonly decision: Decision;
  /** Whether the specification leaves undefined what policies do to it, as in `isLeftOpen`. */
  readonly leftOpen: boolean;
  /** Policies let some backends be reached and others not, so the result depends on which one is chosen. */
  readonly backendsDiffer: boolean;
  /** The Service sends all connections of a client to one backend. */
  readonly sticky?: true;
  /** null for a probe that does not go to a Service. */
  readonly backends: readonly Backend[] | null;
  /** null for a probe that does not go to a name. */
  readonly lookup: Lookup | null;
  /** The connections that policies see, the first for each decision; denied ones come first. */
  readonly connections: readonly Explanation[];
}

/** The decision is that of `decide`. Throws a RangeError for an endpoint or a Service that the model does not have. */
export const explainProbe = (model: Model, asked: Probe): ProbeExplanation => {
  const routes = routesOf(model, asked);
  const decision = decide(model, asked);
  const ways = routes.flatMap((route) => wayOf(model, route));
  const backends = ways.map(({ connection: { to, port }, decision: own }) => ({
    ...{ endpoint: to.name, port },
    decision: own,
  }));
  return {
    asked,
    decision,
    leftOpen: decision === 'unknown' && isLeftOpen(model, asked),
    backendsDiffer: decision === 'unknown' && differ(backends.map((backend) => backend.decision)),
    ...(isSticky(model, asked) && { sticky: true as const }),
    backends: isService(model, asked) ? backends : null,
    lookup: lookupOf(model, routes),
    connections: firstOfEach(ways).map(({ connection }) => explainConnection(model, connection)),
  };
};

interface Way {
  readonly connection: Connection;
  readonly decision: Decision;
}

const wayOf = (model: Model, route: Route): readonly Way[] =>
  route.egress.slice(0, 1).map((connection) => ({ connection, decision: decideWay(model, route) }));

/** All backends of a Service share one lookup. */
const lookupOf = (model: Model, [route]: readonly Route[]): Lookup | null => {
  const [first] = route?.egress ?? [];
  if (!first || !route?.lookups) return null;
  const ways = route.lookups.map((connection) => ({
    connection,
    decision: decideLookups(model, first.from, [connection]),
  }));
  return {
    decision: decideLookups(model, first.from, route.lookups),
    explanations: firstOfEach(ways).map(({ connection }) => explainConnection(model, connection)),
  };
};

const ORDER: readonly Decision[] = ['deny', 'unknown', 'allow'];

const firstOfEach = (ways: readonly Way[]): readonly Way[] =>
  ORDER.flatMap((wanted) => ways.find(({ decision }) => decision === wanted) ?? []);
