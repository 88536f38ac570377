/** Two peers that let the other end through, where one peer with both selectors would not. */
import type { Direction, Peer, Selector } from '../model/index.ts';
import { endsOf, type Sight } from './sight.ts';
import { replacingRule, type Suspect } from './suspect.ts';

type PodPeer = Extract<Peer, { readonly kind: 'pods' }>;

export const orForAnd = (sight: Sight, direction: Direction): readonly Suspect[] => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  const end = sight.model.endpoints.get(endsOf(sight, direction).peer);
  if (!side || !end) return [];
  return side.policies.flatMap(({ policy, rules }) =>
    rules.flatMap(({ number, peers }) => {
      const written = (peers ?? []).map(({ peer }) => peer);
      return written.flatMap((peer, index): readonly Suspect[] => {
        const next = written[index + 1];
        const pair = next && pairOf(peer, next);
        if (!pair) return [];
        const { spaces, pods } = pair;
        const joined: Peer = { ...pods, namespaces: spaces };
        const correct = replacingRule(policy, direction, number, (rule) => ({
          ...rule,
          peers: (rule.peers ?? []).flatMap((one) => (one === peer ? [joined] : one === next ? [] : [one])),
        }));
        const mistake = {
          kind: 'or-for-and',
          policy,
          direction,
          rule: number,
          peer,
          other: next,
          endpoint: end.name,
        } as const;
        return [{ mistake, correct, certain: true }];
      });
    }),
  );
};

/** A peer of namespaces beside one of pods, in either order. */
const pairOf = (one: Peer, other: Peer): { readonly spaces: Selector; readonly pods: PodPeer } | null => {
  if (one.kind !== 'pods' || other.kind !== 'pods') return null;
  const [wide, narrow] = one.namespaces ? [one, other] : [other, one];
  if (!wide.namespaces || narrow.namespaces || wide.pods.requirements.length > 0) return null;
  return narrow.pods.requirements.length === 0 ? null : { spaces: wide.namespaces, pods: narrow };
};
