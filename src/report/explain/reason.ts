/** Why a condition fails, in words. Names and labels are the user's own, so the text is not printable yet. */

import type { EndpointKind, LabelFact, PeerAnswer, PeerReason, PortAnswer, Probe, Unmet } from '../../model/index.ts';
import { listed } from '../../text.ts';
import { policyPortText, requirementText } from './selector.ts';

const LABELS_AT_MOST = 3;
const PORTS_AT_MOST = 4;
const REASONS_AT_MOST = 10;

/** `namespace dev has no label environment=dev: it has env=dev` */
export const unmetText = (who: string, { requirement, value, near, labels }: Unmet): string => {
  const wanted = requirementText(requirement);
  if (value === null) return `${who} has no label ${wanted}${near ? `: it has ${labelText(near)}` : allLabels(labels)}`;
  const has = `${who} has ${labelText({ key: requirement.key, value })}`;
  return requirement.operator === 'In' ? `${has}, not ${wanted}` : `${has}, which ${wanted} rules out`;
};

/** What makes a requirement hold: `app=web`, or `no label app`. */
export const factText = ({ requirement: { key }, value }: LabelFact): string =>
  value === null ? `no label ${key}` : labelText({ key, value });

/** Why a peer of a policy in the namespace does not match an end of this kind. */
export const peerReasonText = ({ peer, reason }: PeerAnswer, namespace: string, kind: EndpointKind): string => {
  if (!reason) return 'matches';
  switch (reason.kind) {
    case 'outside':
      return `${reason.endpoint} is ${kind === 'node' ? 'a node' : 'outside the cluster'}, and selectors select only pods`;
    case 'namespace':
      return `selects only pods of ${namespace}, and ${reason.endpoint} is in ${reason.namespace}`;
    case 'namespace-labels':
      return unmetText(`namespace ${reason.namespace}`, reason.unmet);
    case 'pod-labels':
      return unmetText(reason.endpoint, reason.unmet);
    case 'host-network':
      return `${reason.endpoint} shares its node's network: the specification leaves undefined whether selectors select it`;
    case 'family':
      return `${reason.endpoint} has no ${peer.kind === 'block' ? `${peer.cidr.family} ` : ''}address`;
    case 'services':
      return 'its addresses belong to Services, and policies act on the pods behind them';
    case 'emptied':
      return 'its exceptions leave no address';
    case 'address-unknown':
      return `the address of ${reason.endpoint} is not known`;
    case 'addresses':
      return addressesText(reason);
  }
};

/** Why none of a rule's ports is the probe's; ports that merely differ are reported together. */
export const portsText = (answers: readonly PortAnswer[], { to, port, protocol }: Probe): string => {
  const wanted = `${port}/${protocol}`;
  const others = answers.filter(({ reason }) => reason?.kind === 'number');
  const rest = answers.filter(({ reason }) => reason?.kind !== 'number');
  const unlisted = rest.length - REASONS_AT_MOST;
  const texts = [
    ...rest.slice(0, REASONS_AT_MOST).map((answer) => portText(answer, to, wanted)),
    ...(unlisted > 0 ? [`${unlisted} more are not ${wanted} either`] : []),
  ];
  if (others.length === 0) return texts.join('; ');
  const list = listed(
    others.map((answer) => policyPortText(answer.port)),
    PORTS_AT_MOST,
  );
  return [...texts, others.length === 1 ? `${list} is not ${wanted}` : `none of ${list} is ${wanted}`].join('; ');
};

const portText = ({ port, reason }: PortAnswer, to: string, wanted: string): string => {
  const written = policyPortText(port);
  if (reason?.kind === 'resolves') {
    const numbers = listed(reason.to.map(({ number, protocol }) => `${number}/${protocol}`));
    return `port ${written} is ${numbers} on ${to}, not ${wanted}`;
  }
  if (reason?.kind === 'nameless') {
    const names = reason.names.length > 0 ? `its named ports are ${listed(reason.names)}` : 'it has no named ports';
    return `${to} has no port named ${'name' in port ? port.name : ''} (${names})`;
  }
  return `${written} is not ${wanted}: the protocol differs`;
};

const addressesText = ({ addresses }: Extract<PeerReason, { kind: 'addresses' }>): string =>
  addresses
    .map(({ address, within, except }) => {
      if (!within) return `${address} is not in it`;
      return except ? `${address} falls under except ${except}` : `${address} is in it`;
    })
    .join(', ');

const labelText = ({ key, value }: { readonly key: string; readonly value: string }): string => `${key}=${value}`;

const allLabels = (labels: Unmet['labels']): string => {
  if (labels.length === 0) return ' (it has no labels)';
  return ` (it has ${listed(labels.map(labelText), LABELS_AT_MOST)})`;
};
