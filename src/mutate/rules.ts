import type { Direction, Path, Protocol } from '../model/index.ts';
import { draftsOfBlock } from './blocks.ts';
import { type Draft, OTHER_PROTOCOL } from './mutant.ts';
import { draftsOfSelector } from './selectors.ts';
import { listIn, type Mapping, mappingIn } from './tree.ts';

const PEERS: Readonly<Record<Direction, string>> = { ingress: 'from', egress: 'to' };

/** A rule dropped or widened, and each mistake in one of its peers and ports. */
export function* draftsOfRule(rule: unknown, path: Path, direction: Direction): Generator<Draft> {
  yield { edit: { kind: 'rule-removed' }, path, value: undefined };
  const peersKey = PEERS[direction];
  const { [peersKey]: peers, ports } = mappingIn(rule);
  yield* draftsOfList(listIn(peers), [...path, peersKey], {
    all: 'all-peers',
    one: 'peer-removed',
    within: draftsOfPeer,
  });
  yield* draftsOfList(listIn(ports), [...path, 'ports'], {
    all: 'all-ports',
    one: 'port-removed',
    within: draftsOfPort,
  });
}

interface Parts {
  readonly all: 'all-peers' | 'all-ports';
  readonly one: 'peer-removed' | 'port-removed';
  readonly within: (item: Mapping, path: Path) => Iterable<Draft>;
}

/** Without any item a list allows everything, so an only one can't be dropped. */
function* draftsOfList(items: readonly unknown[], path: Path, { all, one, within }: Parts): Generator<Draft> {
  if (items.length > 0) yield { edit: { kind: all }, path, value: undefined };
  for (const [at, item] of items.entries()) {
    const own = [...path, at];
    if (items.length > 1) yield { edit: { kind: one }, path: own, value: undefined };
    yield* within(mappingIn(item), own);
  }
}

function* draftsOfPeer(peer: Mapping, path: Path): Generator<Draft> {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock !== undefined) yield* draftsOfBlock(ipBlock, [...path, 'ipBlock']);
  if (podSelector !== undefined) yield* draftsOfSelector(podSelector, [...path, 'podSelector'], 'pods');
  if (namespaceSelector === undefined) return;
  const own = [...path, 'namespaceSelector'];
  yield* draftsOfSelector(namespaceSelector, own, 'namespaces');
  yield { edit: { kind: 'own-namespace' }, path: own, value: { podSelector: podSelector ?? {} }, at: path };
}

function* draftsOfPort({ port, endPort, protocol = 'TCP' }: Mapping, path: Path): Generator<Draft> {
  for (const [key, number] of Object.entries({ port, endPort })) {
    if (typeof number === 'string') yield replaced([...path, key], number, `${number.slice(0, 14)}x`);
    if (typeof number !== 'number') continue;
    for (const shifted of [number - 1, number + 1]) yield replaced([...path, key], number, shifted);
  }
  const [from, to] = [protocol as Protocol, OTHER_PROTOCOL[protocol as Protocol]];
  yield { edit: { kind: 'protocol', from, to }, path, value: to, at: [...path, 'protocol'] };
}

const replaced = (path: Path, from: string | number, to: string | number): Draft => ({
  edit: { kind: 'text', from: String(from), to: String(to) },
  path,
  value: to,
});

/** A peer with both selectors as two peers, which is what a dash too many makes of it. */
export function* splitPeers(peers: readonly unknown[], path: Path): Generator<Draft> {
  for (const [at, peer] of peers.entries()) {
    const { podSelector, namespaceSelector } = mappingIn(peer);
    if (podSelector === undefined || namespaceSelector === undefined) continue;
    const split = peers.toSpliced(at, 1, { podSelector }, { namespaceSelector });
    yield { edit: { kind: 'or-for-and' }, path: [...path, at], value: split, at: path };
  }
}
