import type { Direction, NetworkPolicy, Path, Peer, PolicyPort, Rule } from '../policy.ts';
import { peersOf, portsOf, rulesIn } from '../rules.ts';
import { coversPeer, coversPorts } from './cover.ts';
import { portName } from './text.ts';
import { type Check, DIRECTIONS, type Finding } from './warning.ts';

/** A larger policy was made by a program, and comparing everything with everything takes long. */
const PAIRS_AT_MOST = 400;

/** One peer of a rule with one of its ports; null stands for all. */
interface Pair {
  /** The rule's position. */
  readonly at: number;
  readonly peer: Peer | null;
  readonly port: PolicyPort | null;
}

/** A pair that another one makes pointless, whatever pods there are. */
interface Undone extends Pair {
  readonly by: Pair;
}

/**
 * Rules, peers and ports that another rule of their own policy, or another peer or port of their own rule, makes pointless:
 * rules add up, so that the wider one decides. All that is told can go together; of two that are equal the later one is
 * told.
 */
export const checkUndone: Check = (policy) =>
  DIRECTIONS.flatMap((direction) => {
    const rules = rulesIn(policy, direction);
    const pairs = rules.flatMap(pairsOf);
    if (pairs.length < 2 || pairs.length > PAIRS_AT_MOST) return [];
    const undone = undoneIn(pairs, policy.namespace);
    return rules.flatMap((rule, at) =>
      findingsIn(
        rule,
        pairs.filter((pair) => pair.at === at),
        undone.filter((pair) => pair.at === at),
        { policy, direction },
      ),
    );
  });

const pairsOf = ({ peers, ports }: Rule, at: number): readonly Pair[] =>
  (peers ?? [null]).flatMap((peer) => (ports ?? [null]).map((port) => ({ at, peer, port })));

const undoneIn = (pairs: readonly Pair[], namespace: string): readonly Undone[] => {
  const covers = (outer: Pair, inner: Pair): boolean =>
    coversPorts(outer.port, inner.port) && coversPeer(outer.peer, inner.peer, namespace);
  return pairs.flatMap((pair, index) => {
    const by = pairs.find(
      // Never itself, which covers itself.
      (other, position) => covers(other, pair) && (position < index || !covers(pair, other)),
    );
    return by ? [{ ...pair, by }] : [];
  });
};

interface Where {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
}

/** The whole rule, or else its peers and ports of which nothing is left. */
const findingsIn = (
  rule: Rule,
  pairs: readonly Pair[],
  undone: readonly Undone[],
  where: Where,
): readonly Finding[] => {
  const [first] = undone;
  if (!first) return [];
  const name = `${where.direction} rule ${first.at + 1}`;
  if (undone.length === pairs.length) return [finding(rule.path, first, name, where)];
  /** One of the pairs of a peer or port, all of which are undone. */
  const goneOf = (part: 'peer' | 'port', item: Peer | PolicyPort): readonly Undone[] => {
    const gone = undone.filter((pair) => pair[part] === item);
    return gone.length === pairs.filter((pair) => pair[part] === item).length ? gone.slice(0, 1) : [];
  };
  return [
    ...peersOf(rule).flatMap((peer) =>
      goneOf('peer', peer).map((one) => finding(peer.path, one, `this peer of ${name}`, where)),
    ),
    ...portsOf(rule).flatMap((port) =>
      goneOf('port', port).map((one) => finding(port.path, one, `port ${portName(port)} of ${name}`, where)),
    ),
  ];
};

const finding = (path: Path, undone: Undone, what: string, where: Where): Finding => ({
  rule: 'rule-undone',
  path,
  message: `${what} ${effectText(undone)}: ${coveringText(undone, where)}; rules add up, so delete or narrow one of the two`,
});

const effectText = ({ peer, by }: Undone): string => (peer && !by.peer ? 'limits nobody' : 'has no effect');

/** `rule 2 (line 39) lets everybody in on 2379/TCP` */
const coveringText = ({ at, by }: Undone, { policy, direction }: Where): string => {
  const line = policy.placeOf?.(['spec', direction, by.at]).line;
  const who = by.at === at ? 'the same rule' : `rule ${by.at + 1}${line === undefined ? '' : ` (line ${line})`}`;
  const on = by.port ? ` on ${portName(by.port)}` : '';
  if (direction === 'ingress') return `${who} lets ${by.peer ? 'the same and perhaps more' : 'everybody'} in${on}`;
  return `${who} lets them out to ${by.peer ? 'the same and perhaps more' : 'everybody'}${on}`;
};
