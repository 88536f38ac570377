import type { Action, Need } from './action.ts';
import type { HostFacts } from './facts.ts';
import { isDebian, needsOf } from './needs.ts';
import { questions } from './questions.ts';

export type { Action, Topic } from './action.ts';

const asking = (kind: 'ask' | 'advise', { action, cure }: Need): Action => ({
  kind,
  topic: action.topic,
  why: action.why,
  cure,
});

/**
 * What to do to this host, in order, so that podreach can run; empty if nothing is missing. If a person has to do
 * something, the plan contains only those requests: half a preparation helps nobody. A newly installed Engine may lack
 * something that was not visible before, so carry the plan out, gather the facts again and make a new plan.
 */
export const plan = (facts: HostFacts): readonly Action[] => {
  const needs = needsOf(facts);
  const can = ({ action }: Need) => facts.root && (action.kind !== 'install' || isDebian(facts));
  const asked = [
    ...questions(facts).map(([topic, why, cure]): Action => ({ kind: 'ask', topic, why, cure })),
    ...needs.filter((need) => !can(need) && !need.optional).map((need) => asking('ask', need)),
  ];
  const advice = needs.filter((need) => !can(need) && need.optional).map((need) => asking('advise', need));
  if (asked.length > 0) return [...asked, ...advice];
  return [...needs.filter(can).map(({ action }) => action), ...advice];
};
