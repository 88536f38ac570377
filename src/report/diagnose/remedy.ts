/** What would make a connection as it is wanted, in words. Not printable yet. */
import type { LettingPart, Mistake, Remedy } from '../../diagnose/index.ts';
import { plural } from '../../text.ts';
import { inlineYaml } from '../../yaml-library.ts';
import { changeText } from '../explain/advice.ts';
import { peerText, policyName } from '../explain/selector.ts';
import { ruleName } from './cause.ts';

/** One remedy on one line, with what else it opens and closes. */
export const remedyText = (remedy: Remedy): string => {
  switch (remedy.kind) {
    case 'correct':
      return remedy.mistakes.map(correctionText).join(', and ') + effectText(remedy);
    case 'change':
      return remedy.changes.map(changeText).join(', and ');
    case 'remove':
      return remedy.parts.map(removalText).join(', and ') + effectText(remedy);
    case 'isolate':
      return `add a policy to namespace ${remedy.namespace}, spec: ${inlineYaml(remedy.spec)}${effectText(remedy)}`;
  }
};

const effectText = ({ opens, closes }: { readonly opens: number; readonly closes: number }): string => {
  const parts = [
    ...(opens > 0 ? [`also opens ${plural(opens, 'other connection')}`] : []),
    ...(closes > 0 ? [`also closes ${plural(closes, 'other connection')}`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join('; ')}, among the pods of these namespaces)` : '';
};

const removalText = ({ policy, direction, rule, peers }: LettingPart): string => {
  const where = ruleName({ policy, direction, rule });
  if (!peers) return `delete ${where}`;
  return `delete from ${where} the peer ${peers.map((peer) => peerText(peer, policy.namespace)).join(' and the peer ')}`;
};

const correctionText = (mistake: Mistake): string => {
  const name = policyName(mistake.policy);
  switch (mistake.kind) {
    case 'labels': {
      const { rule, of, unmet, direction, policy } = mistake;
      const { key } = unmet.requirement;
      const is = unmet.value === null ? unmet.near : { key, value: unmet.value };
      const where =
        rule === null ? `the podSelector of ${name}` : `the ${of}Selector of ${ruleName({ policy, rule, direction })}`;
      const was = unmet.requirement.values.map((value) => `${key}=${value}`).join(' or ') || key;
      return is ? `write ${is.key}=${is.value} instead of ${was} in ${where}` : `take ${was} out of ${where}`;
    }
    case 'namespace':
      return `move ${name} to namespace ${mistake.namespace} (metadata.namespace)`;
    case 'no-namespace-selector':
      return `add namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${mistake.namespace}}} beside the podSelector in ${ruleName(mistake)}`;
    case 'types-missing':
      return `add ${typeOf(mistake.direction)} to the policyTypes of ${name}`;
    case 'types-extra':
      return `take ${typeOf(mistake.direction)} out of the policyTypes of ${name}`;
    case 'and-for-or':
      return `make two peers of the two selectors in ${ruleName(mistake)}: put a dash before each`;
    case 'or-for-and':
      return `make one peer of the two in ${ruleName(mistake)}: write both selectors under one dash`;
    case 'service-port':
      return `write ${mistake.target} instead of ${mistake.written} in ${ruleName(mistake)}`;
    case 'named-port':
      return `write ${mistake.port} instead of ${mistake.name} in ${ruleName(mistake)}, or name the port in the pod`;
  }
};

const typeOf = (direction: 'ingress' | 'egress'): string => (direction === 'ingress' ? 'Ingress' : 'Egress');
