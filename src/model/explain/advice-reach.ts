/** Who else a change opens a connection for, in the world or not. */
import { type Address, contains, isWhole } from '../address.ts';
import { type Connection, decideSide, type Model } from '../decide.ts';
import { ANY_NODE, type Endpoint, type EndpointNamespace } from '../endpoint.ts';
import type { BlockPeer, Direction, Rule } from '../policy.ts';
import { peersOf, rulesIn } from '../rules.ts';
import { NAME_LABEL } from '../world.ts';

/**
 * Who else is let through at one end of the connection: `everywhere`, including addresses outside the cluster; pods of
 * every namespace; every pod of one; other addresses of an ipBlock.
 */
export type Reach = { readonly end: End } & (
  | { readonly kind: 'everywhere' | 'namespaces' }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'addresses'; readonly block: BlockPeer }
);

type End = 'from' | 'to';

const WIDTHS: Readonly<Record<Reach['kind'], number>> = { addresses: 1, namespace: 2, namespaces: 3, everywhere: 5 };

const widthOf = (reach: Reach): number =>
  reach.kind === 'addresses' && isWhole(reach.block.cidr) ? 4 : WIDTHS[reach.kind];

/** The width of both ends together; 0 for nobody else. */
export const widthOfAll = (reaches: readonly Reach[]): number =>
  reaches.reduce((sum, reach) => sum + widthOf(reach), 0);

/** The widest reach at each end. */
export const widest = (reaches: readonly Reach[]): readonly Reach[] =>
  ENDS.flatMap((end) => {
    const [first] = reaches.filter((reach) => reach.end === end).toSorted((a, b) => widthOf(b) - widthOf(a));
    return first ?? [];
  });

const ENDS: readonly End[] = ['from', 'to'];

/** A connection in a model. */
type Seen = readonly [Model, Connection];

/**
 * The circles of strangers that a change opens a side for, each represented by one stranger. The connection is given
 * before and after, because its ends may have other labels.
 */
export const reachesBetween = (before: Seen, after: Seen, direction: Direction): readonly Reach[] => {
  const [own, peer]: readonly [End, End] = direction === 'egress' ? ['from', 'to'] : ['to', 'from'];
  const decide = ([model, connection]: Seen, end: End, stranger: Endpoint) =>
    decideSide(model, { ...connection, [end]: stranger }, direction);
  const circles = [
    ...besides(own, before, after),
    ...besides(peer, before, after),
    ...elsewhere(peer, before),
    ...addedBlocks(before, after, direction).flatMap((block) => addressesOf(block, peer, after)),
  ];
  return circles
    .filter(({ reach: { end }, was, is }) => decide(before, end, was) !== 'allow' && decide(after, end, is) === 'allow')
    .map(({ reach }) => reach);
};

/** A stranger that stands for a circle, before and after the change. */
interface Circle {
  readonly reach: Reach;
  readonly was: Endpoint;
  readonly is: Endpoint;
}

/** No namespace, label or pod has this name. */
const NOBODY = '*';
const NOWHERE = { name: NOBODY, labels: { [NAME_LABEL]: NOBODY } };

/** Has the peer's ports, for rules that name one. */
const strangerTo = ({ ports, families, never }: Endpoint): Endpoint => ({
  ...ANY_NODE,
  ...{ kind: 'host', name: NOBODY, ports, families, never },
});

const podLike = (stranger: Endpoint, namespace: EndpointNamespace): Endpoint => ({
  ...stranger,
  kind: 'pod',
  namespace,
});

/** Another pod in the namespace of one end. */
const besides = (end: End, [, { [end]: was }]: Seen, [, { [end]: is }]: Seen): readonly Circle[] =>
  was.namespace && is.namespace
    ? [
        {
          reach: { kind: 'namespace', end, name: is.namespace.name },
          was: podLike(strangerTo(was), was.namespace),
          is: podLike(strangerTo(was), is.namespace),
        },
      ]
    : [];

/** Pods of other namespaces, and anybody. */
const elsewhere = (end: End, [, { [end]: was }]: Seen): readonly Circle[] => {
  const stranger = strangerTo(was);
  const pod = podLike(stranger, NOWHERE);
  return [
    { reach: { kind: 'everywhere', end }, was: stranger, is: stranger },
    { reach: { kind: 'namespaces', end }, was: pod, is: pod },
  ];
};

/** The blocks of rules that did not apply to the side before the change. */
const addedBlocks = (before: Seen, after: Seen, direction: Direction): readonly BlockPeer[] => {
  const rulesOf = ([model, { from, to }]: Seen): readonly Rule[] =>
    model.isolating(direction === 'egress' ? from : to, direction).flatMap((policy) => rulesIn(policy, direction));
  const known = new Set(rulesOf(before));
  return rulesOf(after)
    .filter((rule) => !known.has(rule))
    .flatMap((rule) => peersOf(rule).filter((peer) => peer.kind === 'block'));
};

/** One address of a block that is not the peer's; nothing if there is no other. */
const addressesOf = (block: BlockPeer, end: End, [, { [end]: peer }]: Seen): readonly Circle[] => {
  const { cidr, except } = block;
  const bounds = [cidr.first, cidr.last, ...except.flatMap(({ first, last }) => [first - 1n, last + 1n])];
  const other = bounds
    .flatMap((value) => [value, value + 1n])
    .map((value): Address => ({ family: cidr.family, value }))
    .find(
      (address) =>
        contains(cidr, address) &&
        !except.some((range) => contains(range, address)) &&
        !peer.addresses?.some(({ family, value }) => family === address.family && value === address.value),
    );
  if (!other) return [];
  const stranger = { ...strangerTo(peer), addresses: [other], families: [other.family] };
  return [{ reach: { kind: 'addresses', end, block }, was: stranger, is: stranger }];
};
