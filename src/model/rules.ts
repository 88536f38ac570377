/** The parts of a policy as lists; an absent part is an empty list. */
import type { Direction, NetworkPolicy, Peer, PolicyPort, Rule } from './policy.ts';

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** Empty also if the policy does not isolate in the direction. */
export const rulesIn = (policy: NetworkPolicy, direction: Direction): readonly Rule[] => policy[direction] ?? [];

export const rulesOf = (policy: NetworkPolicy): readonly Rule[] => [
  ...rulesIn(policy, 'ingress'),
  ...rulesIn(policy, 'egress'),
];

/** The peers as written: empty if the rule covers every peer. */
export const peersOf = ({ peers }: Pick<Rule, 'peers'>): readonly Peer[] => peers ?? [];

/** The ports as written: empty if the rule covers every port. */
export const portsOf = ({ ports }: Pick<Rule, 'ports'>): readonly PolicyPort[] => ports ?? [];
