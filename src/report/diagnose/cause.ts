/** Why policies do with a connection what nobody wants, in words. Names are the user's own: not printable yet. */
import type { Cause } from '../../diagnose/index.ts';
import type { Direction, NetworkPolicy } from '../../model/index.ts';
import { listed } from '../../text.ts';
import { unmetText } from '../explain/reason.ts';
import { peerText, policyName, requirementText, selectorText } from '../explain/selector.ts';

/** `wrong label: ingress rule 1 of prod/web is for app=clinet, and dev/client has app=client` */
export const causeText = (cause: Cause): string => {
  switch (cause.kind) {
    case 'labels':
      return `wrong label: ${labelsText(cause)}`;
    case 'namespace':
      return `wrong namespace: ${policyName(cause.policy)} is meant for ${selectorText(cause.policy.pods)}, which ${cause.endpoint} has, but it is in namespace ${cause.policy.namespace} and acts only there`;
    case 'no-namespace-selector':
      return `wrong namespace: ${ruleName(cause)} has no namespaceSelector beside ${peerText(cause.peer, cause.policy.namespace)}, so it means only that namespace, and ${cause.endpoint} is in ${cause.namespace}`;
    case 'types-missing':
      return `policyTypes: ${policyName(cause.policy)} has ${cause.direction} rules, but its policyTypes leave out ${typeOf(cause.direction)}, so the rules have no effect on ${cause.endpoint}`;
    case 'types-extra':
      return `policyTypes: ${policyName(cause.policy)} names ${typeOf(cause.direction)} in its policyTypes but has no ${cause.direction} rules, so it lets nothing ${wayOf(cause.direction)} ${cause.endpoint}`;
    case 'and-for-or':
      return `AND for OR: ${ruleName(cause)} has both selectors in one peer (${peerText(cause.peer, cause.policy.namespace)}), which means AND, and ${cause.endpoint} matches only its ${cause.matches}`;
    case 'or-for-and':
      return `OR for AND: ${ruleName(cause)} has two peers (${peerText(cause.peer, cause.policy.namespace)}; ${peerText(cause.other, cause.policy.namespace)}), which means OR, and ${cause.endpoint} needs to match only one of them`;
    case 'service-port':
      return `port of the Service: ${ruleName(cause)} has ${cause.written}, the port of the Service ${cause.service}, but policies act on the target port ${cause.target}`;
    case 'named-port':
      return `named port: ${ruleName(cause)} has the port ${cause.name}, and ${cause.endpoint} has no port of that name; the connection goes to ${cause.port}`;
    case 'dns-cut':
      return cause.tcp
        ? `DNS cut: ${namesOf(cause.policies)} lets lookups out of ${cause.endpoint} only over TCP, but they use 53/UDP`
        : `DNS cut: ${namesOf(cause.policies)} ${cause.policies.length === 1 ? 'lets' : 'let'} no lookup (53/UDP) out of ${cause.endpoint} to the cluster's DNS`;
    case 'no-rule':
      return `no rule lets it ${cause.direction === 'ingress' ? 'in' : 'out'}: ${isolatingText(cause)} is for ${cause.peer}`;
    case 'ports':
      return `other port: ${ruleName(cause)} lets ${cause.peer} through, but only on ${listed(cause.ports)}`;
    case 'not-isolated':
      return `no policy isolates ${cause.endpoint} for ${cause.direction}`;
    case 'let-through':
      return `${ruleName(cause)} lets ${cause.peer} through${cause.ports.length > 0 ? ` on ${listed(cause.ports)}` : ''}`;
  }
};

/** A policy is often called like the pod that it selects. */
const isolatingText = ({
  policies,
  endpoint,
  direction,
}: Extract<Cause, { kind: 'no-rule' | 'not-isolated' }>): string => {
  const [subject, whose] =
    policies.length === 1
      ? [`the policy ${namesOf(policies)} isolates`, 'no rule of it']
      : [`the policies ${namesOf(policies)} isolate`, 'no rule of theirs'];
  return `${subject} ${endpoint} for ${direction}, and ${whose}`;
};

const labelsText = ({ policy, rule, of, endpoint, unmet, direction }: Extract<Cause, { kind: 'labels' }>): string => {
  const who = of === 'namespace' ? `namespace ${endpoint}` : endpoint;
  const where = rule === null ? `${policyName(policy)} selects pods` : ruleName({ policy, rule, direction });
  const wants = rule === null ? '' : ` asks for a ${of}`;
  return `${where}${wants} with ${requirementText(unmet.requirement)}, and ${unmetText(who, unmet)}`;
};

export const ruleName = ({
  policy,
  rule,
  direction,
}: {
  readonly policy: NetworkPolicy;
  readonly rule: number;
  readonly direction: Direction;
}): string => `${direction} rule ${rule} of ${policyName(policy)}`;

const namesOf = (policies: readonly NetworkPolicy[]): string => listed(policies.map(policyName), 3);

const typeOf = (direction: Direction): string => (direction === 'ingress' ? 'Ingress' : 'Egress');

const wayOf = (direction: Direction): string => (direction === 'ingress' ? 'into' : 'out of');
