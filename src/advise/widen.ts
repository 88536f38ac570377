import { backendNamespace, type End, endsOf, sourcesOf } from '../scenario/index.ts';
import type { Backends } from './backends.ts';
import { type Closed, isClosed } from './closed.ts';
import { isExposed, isMet, type Outcome } from './outcome.ts';
import type { Parties } from './parties.ts';
import type { App } from './party.ts';
import type { Widening } from './plan.ts';
import { portKey } from './rules.ts';
import type { Wanted, WantedCell } from './wanted.ts';

/** kube-apiserver's default for --service-node-port-range. */
const NODE_PORTS = { first: 30_000, last: 32_767 } as const;

export interface Widenable {
  readonly wanted: Wanted;
  readonly parties: Parties;
  readonly closed: Closed;
  readonly backends: Backends;
  /** The cells under policies with these widenings. */
  readonly outcomesWith: (widenings: readonly Widening[]) => readonly Outcome[];
}

/**
 * What no label and no known address describes (a node, what a node sends on, a pod in its node's network) gets through only
 * where everyone does. So a port is opened to everyone where that lets through what is to be allowed, and nothing else.
 */
export const widened = (
  given: Widenable,
): { readonly widenings: readonly Widening[]; readonly outcomes: readonly Outcome[] } => {
  const choicesOf = createChoices(given);
  let widenings: readonly Widening[] = [];
  let outcomes = given.outcomesWith([]);
  const tried = new Set<string>();
  const unmet = outcomes.filter((outcome) => outcome.cell.expectation === 'allow' && !isMet(outcome));
  for (const { cell } of unmet) {
    for (const choice of choicesOf(cell)) {
      const key = choice.map(keyOf).sort().join();
      if (choice.length === 0 || tried.has(key) || outcomes.some((one) => one.cell === cell && isMet(one))) continue;
      tried.add(key);
      const wider = [...new Map([...widenings, ...choice].map((one) => [keyOf(one), one])).values()];
      const then = given.outcomesWith(wider);
      if (count(then, isExposed) > count(outcomes, isExposed) || count(then, isMet) <= count(outcomes, isMet)) continue;
      [widenings, outcomes] = [wider, then];
    }
  }
  return { widenings, outcomes };
};

const keyOf = ({ app, direction, port }: Widening): string =>
  `${app.namespace}/${app.name} ${direction} ${portKey(port)}`;

const count = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): number =>
  outcomes.reduce((sum, outcome) => sum + Number(is(outcome)), 0);

/** What could let a cell through, at either end or at both. */
const createChoices = ({ wanted, parties, closed, backends }: Widenable) => {
  const ends = new Map([...endsOf(wanted.topology), ...sourcesOf(wanted.topology)].map((end) => [end.endpoint, end]));
  const appOf = (end: string): App | undefined => parties.apps[parties.partyOf(end)];
  const outOf = ({ from, port, protocol }: WantedCell, to: End | undefined): readonly Widening[] => {
    const app = appOf(from);
    if (!app || !isClosed(closed, app.namespace, 'egress')) return [];
    const isNodePort = to?.kind === 'service' && to.way === 'nodeport';
    const span = isNodePort ? NODE_PORTS : { first: port, last: port };
    return [{ app, direction: 'egress', port: { protocol, ...span } }];
  };
  const into = (cell: WantedCell, to: End | undefined): readonly Widening[] => {
    const targets = to?.kind === 'service' ? backends(to.service, cell) : [{ name: cell.to, port: cell.port }];
    const namespace = to?.kind === 'service' ? backendNamespace(to.service) : to?.kind === 'pod' ? to.namespace : '';
    if (!isClosed(closed, namespace, 'ingress')) return [];
    return targets.flatMap(({ name, port }): readonly Widening[] => {
      const app = appOf(name);
      return app ? [{ app, direction: 'ingress', port: { protocol: cell.protocol, first: port, last: port } }] : [];
    });
  };
  return (cell: WantedCell): readonly (readonly Widening[])[] => {
    const to = ends.get(cell.to);
    if (!isIndescribable(ends.get(cell.from)) && !isIndescribable(to)) return [];
    const [out, inward] = [outOf(cell, to), into(cell, to)];
    return [inward, out, [...out, ...inward]];
  };
};

const isIndescribable = (end: End | undefined): boolean => {
  if (end?.kind === 'pod') return end.hostNetwork === true;
  if (end?.kind === 'service') return end.way === 'nodeport' || end.way === 'external';
  return end?.kind === 'node';
};
