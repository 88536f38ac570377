/** The parts of a policy as lists; what is not written is an empty one. */
import type { Direction, NetworkPolicy, Peer, PolicyPort, Rule } from './policy.ts';

/** Also none where the policy does not isolate in the direction. */
export const rulesIn = (policy: NetworkPolicy, direction: Direction): readonly Rule[] => policy[direction] ?? [];

export const rulesOf = (policy: NetworkPolicy): readonly Rule[] => [
  ...rulesIn(policy, 'ingress'),
  ...rulesIn(policy, 'egress'),
];

/** Those that are written: none where a rule is for every peer. */
export const peersOf = ({ peers }: Pick<Rule, 'peers'>): readonly Peer[] => peers ?? [];

/** Those that are written: none where a rule is for every port. */
export const portsOf = ({ ports }: Pick<Rule, 'ports'>): readonly PolicyPort[] => ports ?? [];
