/** Which rules decide a probe, and no more: for many probes, of which nobody reads every reason. */
import { type Connection, type Decision, decideSide, facesOf, letsThrough, type Model } from '../decide.ts';
import { decide, decideWay } from '../decide-probe.ts';
import type { Direction, NetworkPolicy, Rule } from '../policy.ts';
import { routeOf, routesOf } from '../route.ts';
import { rulesIn } from '../rules.ts';
import type { Probe } from '../world.ts';

export interface DecidingRule {
  readonly policy: NetworkPolicy;
  readonly rule: Rule;
  /** 1 for the first rule of the policy in the direction. */
  readonly number: number;
}

/** What decides at one end of a connection. */
export interface Decider {
  readonly direction: Direction;
  readonly decision: Decision;
  /** The policies that isolate the end; empty if it is open. */
  readonly isolating: readonly NetworkPolicy[];
  /** The rules that let the connection through or, of a side that is not decided, those that may. */
  readonly letting: readonly DecidingRule[];
}

/**
 * Egress, then ingress, of the connection that a probe becomes: behind a Service, of the first one that decides. Empty if
 * a Service has no backend.
 */
export const decidersOf = (model: Model, probe: Probe): readonly Decider[] => {
  const connection = tellingConnection(model, probe);
  if (!connection) return [];
  return (['egress', 'ingress'] as const).map((direction) => ({
    direction,
    decision: decideSide(model, connection, direction),
    isolating: isolatingOf(model, connection, direction),
    letting: lettingIn(model, connection, direction),
  }));
};

const tellingConnection = (model: Model, probe: Probe): Connection | undefined => {
  const routes = routesOf(model, probe);
  const wanted = decide(model, probe);
  const lookups = wanted === 'allow' ? [] : (routes[0]?.lookups ?? []);
  const ways = [...lookups.map(routeOf), ...routes];
  return (ways.find((way) => decideWay(model, way) === wanted) ?? routes[0])?.egress[0];
};

const isolatingOf = (model: Model, { from, to }: Connection, direction: Direction): readonly NetworkPolicy[] =>
  model.isolating(direction === 'egress' ? from : to, direction);

const lettingIn = (model: Model, connection: Connection, direction: Direction): readonly DecidingRule[] => {
  const end = direction === 'egress' ? 'to' : 'from';
  const faces = facesOf(connection[end]).map((face) => ({ ...connection, [end]: face }));
  const rules = isolatingOf(model, connection, direction).flatMap((policy) =>
    rulesIn(policy, direction).map((rule, at) => {
      const answers = faces.map((face) => letsThrough(rule, policy, face, direction));
      return { policy, rule, number: at + 1, answers };
    }),
  );
  const sure = rules.filter(({ answers }) => answers.every((answer) => answer === 'yes'));
  const found = sure.length > 0 ? sure : rules.filter(({ answers }) => answers.some((answer) => answer !== 'no'));
  return found.map(({ policy, rule, number }) => ({ policy, rule, number }));
};
