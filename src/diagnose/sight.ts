import {
  type Direction,
  decide,
  decidersOf,
  type Explanation,
  type Model,
  type NetworkPolicy,
  type Probe,
  type Selector,
  selects,
  withPolicies,
} from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { ServiceFact } from './facts.ts';
import type { Policies } from './suspect.ts';

/** What the search for mistakes looks at: one connection between two endpoints, behind a Service to one of its pods. */
export interface Sight {
  readonly model: Model;
  readonly connection: Explanation;
  readonly services: readonly ServiceFact[];
  readonly manifests: ReadonlyMap<NetworkPolicy, ReadPolicy>;
  /** The namespaces whose pods are known. */
  readonly namespaces: ReadonlySet<string>;
  /** The labels of namespaces, those of which no pod is known included. */
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** The end that a direction isolates, and the other one. */
export const endsOf = ({ connection: { from, to } }: Sight, direction: Direction) =>
  direction === 'egress' ? { own: from, peer: to } : { own: to, peer: from };

/** What the other policies decide on one side of the connection. */
export const sideUnder = ({ model, connection }: Sight, policies: Policies, direction: Direction) =>
  decidersOf(withPolicies(model, policies), connection).find((one) => one.direction === direction)?.decision;

/** What they decide about the connection as a whole. */
export const wholeUnder = ({ model }: Pick<Sight, 'model'>, policies: Policies, asked: Probe) =>
  decide(withPolicies(model, policies), asked);

/** Whether no pod that could be meant has such labels, as far as pods are known. */
export const selectsNobody = (
  { model, namespaces, namespaceLabels }: Sight,
  home: string,
  selectors: { readonly pods: Selector; readonly namespaces: Selector | null },
): boolean => {
  const meant = selectors.namespaces;
  const scope = meant
    ? [...namespaceLabels].flatMap(([name, labels]) => (selects(meant, labels) ? [name] : []))
    : [home];
  if (!scope.every((name) => namespaces.has(name))) return false;
  return ![...model.endpoints.values()].some(
    ({ namespace, labels }) => namespace && scope.includes(namespace.name) && selects(selectors.pods, labels),
  );
};
