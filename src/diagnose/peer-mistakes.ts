/** Peers of rules that nearly match the other end. */
import { distance } from 'fastest-levenshtein';
import {
  type Direction,
  type Endpoint,
  NAME_LABEL,
  type Peer,
  type Requirement,
  type RuleAnswer,
  type Selector,
  selects,
  type Unmet,
} from '../model/index.ts';
import { endsOf, type Sight, selectsNobody } from './sight.ts';
import { replacingRule, type Suspect } from './suspect.ts';

type PodPeer = Extract<Peer, { readonly kind: 'pods' }>;
type Isolating = Sight['connection']['sides'][number]['policies'][number];

/** Of the rules that have the port, but not the peer; `anyPorts`: of those without the port, too. */
export const peerMistakes = (sight: Sight, direction: Direction, anyPorts = false): readonly Suspect[] => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  const peer = sight.model.endpoints.get(endsOf(sight, direction).peer);
  if (!side || !peer) return [];
  return side.policies.flatMap((isolating) =>
    isolating.rules
      .filter(({ answer, ports }) => answer === 'no' && (anyPorts || !(ports?.every(({ reason }) => reason) ?? false)))
      .flatMap((rule) => ofRule(sight, direction, isolating, rule, peer)),
  );
};

const ofRule = (
  sight: Sight,
  direction: Direction,
  { policy }: Isolating,
  { number, peers }: RuleAnswer,
  end: Endpoint,
): readonly Suspect[] => {
  const replace = (peer: Peer, ...instead: readonly Peer[]) =>
    replacingRule(policy, direction, number, (rule) => ({
      ...rule,
      peers: (rule.peers ?? []).flatMap((one) => (one === peer ? instead : [one])),
    }));
  const base = { policy, direction, rule: number, endpoint: end.name };
  return (peers ?? []).flatMap(({ peer, reason }): readonly Suspect[] => {
    if (peer.kind !== 'pods' || !end.namespace || !reason) return [];
    const certain = selectsNobody(sight, policy.namespace, peer);
    const namespace = end.namespace.name;
    if (reason.kind === 'namespace') {
      if (!selects(peer.pods, end.labels)) return [];
      const mistake = { kind: 'no-namespace-selector', ...base, peer, namespace } as const;
      return [{ mistake, correct: replace(peer, { ...peer, namespaces: named(namespace, peer) }), certain }];
    }
    if (reason.kind !== 'pod-labels' && reason.kind !== 'namespace-labels') return [];
    const split = isSlip(reason.unmet) ? null : andForOr(sight, peer, end, policy.namespace);
    const labels: Suspect = {
      mistake:
        reason.kind === 'pod-labels'
          ? { kind: 'labels', ...base, of: 'pod', unmet: reason.unmet }
          : { kind: 'labels', ...base, of: 'namespace', endpoint: namespace, unmet: reason.unmet },
      correct: replace(peer, meeting(peer, reason.kind, reason.unmet)),
      certain: certain || isSlip(reason.unmet),
    };
    return [
      ...(split
        ? [
            {
              mistake: { kind: 'and-for-or', ...base, peer, matches: split.matches } as const,
              correct: replace(peer, ...split.peers),
              certain,
            },
          ]
        : []),
      labels,
    ];
  });
};

/** The two selectors of a peer as two peers, if the end matches one of them, and the other means something by itself. */
const andForOr = ({ model, namespaceLabels }: Sight, peer: PodPeer, { labels, namespace }: Endpoint, home: string) => {
  const { namespaces, pods } = peer;
  if (!namespaces || namespaces.requirements.length === 0 || pods.requirements.length === 0 || !namespace) return null;
  const inNamespace = selects(namespaces, namespace.labels);
  const isPod = namespace.name === home && selects(pods, labels);
  if (inNamespace === isPod) return null;
  const others = inNamespace
    ? [...model.endpoints.values()].filter((one) => one.namespace?.name === home && selects(pods, one.labels))
    : [...namespaceLabels.values()].filter((one) => selects(namespaces, one));
  if (others.length === 0) return null;
  const everyPod: Selector = { requirements: [], path: peer.path };
  return {
    matches: inNamespace ? ('namespaceSelector' as const) : ('podSelector' as const),
    peers: [
      { ...peer, pods: everyPod },
      { ...peer, namespaces: null },
    ],
  };
};

/** The peer as it would have to be for the end to match. */
const meeting = (peer: PodPeer, kind: 'pod-labels' | 'namespace-labels', unmet: Unmet): PodPeer => {
  if (kind === 'pod-labels') return { ...peer, pods: metBy(peer.pods, unmet) };
  return { ...peer, namespaces: peer.namespaces && metBy(peer.namespaces, unmet) };
};

/** The selector with the label that the end has instead of the one that it lacks; without any if it has none like that. */
export const metBy = (selector: Selector, { requirement, value, near }: Unmet): Selector => {
  const is = value === null ? near : { key: requirement.key, value };
  const instead: readonly Requirement[] =
    is && requirement.operator === 'In' ? [{ ...requirement, key: is.key, values: [is.value] }] : [];
  return { ...selector, requirements: selector.requirements.flatMap((one) => (one === requirement ? instead : [one])) };
};

/** Whether the end has almost this label: one under a similar key, or a value of the same key that looks alike. */
export const isSlip = ({ near, value, requirement: { operator, values } }: Unmet): boolean =>
  operator === 'In' && (near !== null || values.some((one) => value !== null && isAlike(one, value)));

const isAlike = (one: string, other: string): boolean =>
  distance(one, other) <= Math.max(1, Math.floor(one.length / 4));

const named = (namespace: string, { path }: PodPeer): Selector => ({
  requirements: [{ key: NAME_LABEL, operator: 'In', values: [namespace], path }],
  path,
});
