/** Why a near-miss policy does not apply, in words. Not printable yet. */
import type { NetworkPolicy, NotApplied, ProbeExplanation } from '../../model/index.ts';
import { unmetText } from './reason.ts';
import { located, policyName, selectorText } from './selector.ts';

/** The policies that nearly apply to one of a probe's connections, but apply to none; each once. */
export const notAppliedIn = ({ lookup, connections }: ProbeExplanation): readonly NotApplied[] => {
  const explanations = [...connections, ...(lookup?.explanations ?? [])];
  const sides = explanations.flatMap((one) => one.sides);
  const applied = new Set(sides.flatMap(({ policies }) => policies.map(({ policy }) => policy)));
  const found = new Map<NetworkPolicy, NotApplied>();
  for (const one of explanations.flatMap(({ notApplied }) => notApplied))
    if (!found.has(one.policy) && (one.reason.kind === 'idle' || !applied.has(one.policy))) found.set(one.policy, one);
  return [...found.values()];
};

/** `policies/x.yaml:3 prod/x: podSelector app=dbb selects no pod of prod (nearest: app=db of prod/db)` */
export const notAppliedText = (one: NotApplied): string =>
  located(one.policy, [], `${policyName(one.policy)}: ${notAppliedReason(one)}`);

export const notAppliedReason = ({ policy, direction, endpoint, reason }: NotApplied): string => {
  switch (reason.kind) {
    case 'idle':
      return `policyTypes does not include ${typeOf(direction)}, so its ${direction} rules have no effect`;
    case 'nothing': {
      const { nearest } = reason;
      const hint = nearest ? ` (nearest: ${nearest.label.key}=${nearest.label.value} of ${nearest.endpoint})` : '';
      return `podSelector ${selectorText(policy.pods)} selects no pod of ${policy.namespace}${hint}`;
    }
    case 'namespace':
      return `it is in namespace ${policy.namespace}, and ${endpoint} is in ${reason.namespace}`;
    case 'direction':
      return `it selects ${endpoint}, but only for ${direction === 'ingress' ? 'egress' : 'ingress'}`;
    case 'labels':
      return unmetText(endpoint, reason.unmet);
  }
};

const typeOf = (direction: NotApplied['direction']): string => (direction === 'ingress' ? 'Ingress' : 'Egress');
