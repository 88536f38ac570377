/**
 * Whether one part of a policy covers another. The check compares them as written, so it holds for any pods, and says
 * no if it can't decide.
 */
import type { AddressRange } from '../address.ts';
import type { BlockPeer, Peer, PolicyPort, Requirement, Rule, Selector } from '../policy.ts';
import { meets } from '../selector.ts';
import { type Labels, NAME_LABEL } from '../world.ts';

/** Whether the outer selector selects everything that the inner one does. */
export const coversSelector = (outer: Selector, inner: Selector): boolean => {
  const keys = new Set(outer.requirements.map(({ key }) => key));
  return [...keys].every((key) => {
    const wide = outer.requirements.filter((one) => one.key === key);
    const narrow = inner.requirements.filter((one) => one.key === key);
    return statesOf(key, [...wide, ...narrow]).every((labels) => meetsAll(wide, labels) || !meetsAll(narrow, labels));
  });
};

const meetsAll = (requirements: readonly Requirement[], labels: Labels): boolean =>
  requirements.every((requirement) => meets(requirement, labels));

/**
 * All the states of a key that requirements can tell apart: missing, each value that they name, and any other value (no
 * value contains `*`).
 */
const statesOf = (key: string, requirements: readonly Requirement[]): readonly Labels[] => [
  {},
  ...['*', ...requirements.flatMap(({ values }) => values)].map((value) => ({ [key]: value })),
];

/** Whether the outer peer covers the inner one, both in policies of the namespace. null: every peer. */
export const coversPeer = (outer: Peer | null, inner: Peer | null, policyNamespace: string): boolean => {
  if (!outer || !inner) return !outer;
  if (outer.kind === 'block') return inner.kind === 'block' && coversBlock(outer, inner);
  if (inner.kind === 'block') return false;
  const { path } = outer;
  const own: Selector = { requirements: [{ key: NAME_LABEL, operator: 'In', values: [policyNamespace], path }], path };
  return coversSelector(outer.namespaces ?? own, inner.namespaces ?? own) && coversSelector(outer.pods, inner.pods);
};

const coversBlock = (outer: BlockPeer, inner: BlockPeer): boolean =>
  isWithin(inner.cidr, outer.cidr) &&
  outer.except.every((gap) => !overlaps(gap, inner.cidr) || inner.except.some((own) => isWithin(gap, own)));

const isWithin = (inner: AddressRange, outer: AddressRange): boolean =>
  inner.family === outer.family && outer.first <= inner.first && inner.last <= outer.last;

export const overlaps = (one: AddressRange, other: AddressRange): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;

/** null: every port of every protocol. */
export const coversPorts = (outer: PolicyPort | null, inner: PolicyPort | null): boolean => {
  if (!outer || !inner) return !outer;
  if (outer.protocol !== inner.protocol) return false;
  if ('name' in outer) return 'name' in inner && outer.name === inner.name;
  const { first, last } = 'name' in inner ? ANY_NUMBER : inner;
  return outer.first <= first && last <= outer.last;
};

const ANY_NUMBER = { first: 1, last: 65_535 };

/** The parts of a rule: each of its peers with each of its ports. */
export const pairsOf = ({ peers, ports }: Pick<Rule, 'peers' | 'ports'>): readonly Pick<Rule, 'peers' | 'ports'>[] =>
  (peers ?? [null]).flatMap((peer) =>
    (ports ?? [null]).map((port) => ({ peers: peer && [peer], ports: port && [port] })),
  );

/** Whether rules, pair by pair, let through everything that another one does, all in policies of the namespace. */
export const coversRule = (
  rules: readonly Rule[],
  rule: Pick<Rule, 'peers' | 'ports'>,
  policyNamespace: string,
): boolean =>
  pairsOf(rule).every((pair) =>
    rules.some(
      ({ peers, ports }) =>
        (peers ?? [null]).some((outer) => coversPeer(outer, pair.peers?.[0] ?? null, policyNamespace)) &&
        (ports ?? [null]).some((outer) => coversPorts(outer, pair.ports?.[0] ?? null)),
    ),
  );
