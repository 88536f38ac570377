/** Why a probe comes out as it does, whatever it goes to: a Service becomes connections to the pods behind it. */
import type { Connection, Decision, Model } from '../decide.ts';
import { decide, decideLookups, decideWay, differ, isLeftOpen } from '../decide-probe.ts';
import { isService, type Route, routesOf } from '../route.ts';
import type { Probe } from '../world.ts';
import { type Explanation, explainConnection } from './explain.ts';

/** A pod behind a Service, the port on which it is reached, and what policies say of that. */
export interface Backend extends Pick<Probe, 'port'> {
  readonly endpoint: string;
  readonly decision: Decision;
}

/** The lookup of a name before it is connected to. */
export interface Lookup {
  readonly decision: Decision;
  /** Of the servers, the first of each decision; empty where nobody knows which pods they are. */
  readonly explanations: readonly Explanation[];
}

export interface ProbeExplanation {
  readonly asked: Probe;
  /** That of `decide`. */
  readonly decision: Decision;
  /** The specification leaves open what policies do to it, as in `isLeftOpen`. */
  readonly leftOpen: boolean;
  /** Policies let some of the backends be reached and others not, so that it depends on which one is chosen. */
  readonly backendsDiffer: boolean;
  /** null for a probe that goes to no Service. */
  readonly backends: readonly Backend[] | null;
  /** null for a probe that goes to no name. */
  readonly lookup: Lookup | null;
  /** The connections that policies see, the first of each decision; those that are denied come first. */
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
    backends: isService(asked) ? backends : null,
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

/** The backends of a Service share their lookups. */
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
