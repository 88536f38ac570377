import type { Direction, NetworkPolicy } from '../policy.ts';
import { readRules } from './rule.ts';
import { readSelector } from './selector.ts';
import { at, TOP } from './spot.ts';
import { belongsAt, readItems, readMapping, readWord, type Tell } from './value.ts';

type Rules = Pick<NetworkPolicy, 'pods' | 'ingress' | 'egress' | 'idle'>;

/** Reads a policy's `spec`; without one, the policy isolates every pod of the namespace for ingress. */
export const readSpec = (value: unknown, tell: Tell): Rules | null => {
  const spec = readMapping(value, SPEC_KEYS, SPEC, tell, belongsInSpec);
  if (!spec) return null;
  const pods = readSelector(spec.podSelector ?? {}, at(SPEC, 'podSelector'), tell);
  const ingress = readRules(spec.ingress, 'ingress', at(SPEC, 'ingress'), tell);
  const egress = readRules(spec.egress, 'egress', at(SPEC, 'egress'), tell);
  const written = readTypes(spec.policyTypes, tell);
  // "If no policyTypes are specified …, Ingress will always be set and Egress will be set if [it] has any egress rules."
  const hasIngress = written.length === 0 || written.includes('Ingress');
  const hasEgress = written.length === 0 ? egress.length > 0 : written.includes('Egress');
  return {
    pods,
    ingress: hasIngress ? ingress : null,
    egress: hasEgress ? egress : null,
    idle: !hasIngress && ingress.length > 0 ? INGRESS : !hasEgress && egress.length > 0 ? EGRESS : NONE,
  };
};

// At most one direction: a policy has at least one type.
const INGRESS: readonly Direction[] = ['ingress'];
const EGRESS: readonly Direction[] = ['egress'];
const NONE: readonly Direction[] = [];

export const SPEC_KEYS = ['podSelector', 'policyTypes', 'ingress', 'egress'];

const HOMES: Readonly<Record<string, string>> = {
  from: 'in a rule under ingress',
  to: 'in a rule under egress',
  ports: 'in a rule under ingress or egress',
  matchLabels: 'under podSelector',
  matchExpressions: 'under podSelector',
};
const belongsInSpec = belongsAt(HOMES);

const TYPES = ['Ingress', 'Egress'] as const;
const SPEC = at(TOP, 'spec');

const readTypes = (value: unknown, tell: Tell): readonly string[] => {
  const spot = at(SPEC, 'policyTypes');
  const count = Array.isArray(value) ? value.length : 0;
  if (count > TYPES.length) tell(spot, `${count} policyTypes: at most ${TYPES.join(' and ')}`);
  return readItems(value, spot, tell, (type, own) => readWord(type ?? '', TYPES, 'policyType', own, tell));
};
