import type { NetworkPolicy, Rule } from '../model/index.ts';
import type { Mistake } from './cause.ts';

export type Policies = readonly NetworkPolicy[];

/** A mistake that may be the cause, and the policies without it. */
export interface Suspect {
  readonly mistake: Mistake;
  readonly correct: (policies: Policies) => Policies;
  /** Nothing else can be meant: the selector selects nobody, or the rules have no effect at all. */
  readonly certain: boolean;
}

const isSame = (one: NetworkPolicy, other: NetworkPolicy): boolean =>
  one.namespace === other.namespace && one.name === other.name;

/** Replaces a policy, which is found by its name, so that corrections can follow each other. */
export const replacing =
  (policy: NetworkPolicy, change: (now: NetworkPolicy) => NetworkPolicy) =>
  (policies: Policies): Policies =>
    policies.map((one) => (isSame(one, policy) ? change(one) : one));

/** Replaces one rule of a policy; the first is number 1. */
export const replacingRule = (
  policy: NetworkPolicy,
  direction: 'ingress' | 'egress',
  number: number,
  change: (rule: Rule) => Rule,
) =>
  replacing(policy, (now) => ({
    ...now,
    [direction]: (now[direction] ?? []).map((rule, index) => (index === number - 1 ? change(rule) : rule)),
  }));
