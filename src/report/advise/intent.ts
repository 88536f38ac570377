import type { AdvisedPolicy, AdvisedRule, PortSpan } from '../../advise/index.ts';
import type { Direction } from '../../model/index.ts';

/** What a policy is for, a sentence a line. */
export const intentLines = ({ namespace, intent }: AdvisedPolicy): readonly string[] => {
  if (intent.kind === 'closed') return [CLOSED[intent.directions.join()]?.(namespace) ?? ''];
  const { app, ingress, egress, lookups } = intent;
  const own = `${app.namespace}/${app.name}`;
  return [
    ...ingress.map((rule) => `${peersText(rule, 'ingress')} may reach ${own} on ${portsText(rule.ports)}.`),
    ...egress
      .filter(({ peers }) => peers !== 'dns')
      .map((rule) => `${own} may reach ${peersText(rule, 'egress')} on ${portsText(rule.ports)}.`),
    ...(lookups === 'required' ? [`${own} may look up names.`] : []),
    ...(lookups === 'chosen' ? [`${own} may look up names, to find what it may reach.`] : []),
  ];
};

/** By the directions that are closed. */
const CLOSED: Readonly<Record<string, (namespace: string) => string>> = {
  ingress: (namespace) => `Nothing may reach the pods of ${namespace}, unless another policy allows it.`,
  egress: (namespace) => `Nothing may leave the pods of ${namespace}, unless another policy allows it.`,
  'ingress,egress': (namespace) =>
    `Nothing may reach or leave the pods of ${namespace}, unless another policy allows it.`,
};

const peersText = ({ peers }: AdvisedRule, direction: Direction): string => {
  if (peers === 'everyone') return direction === 'ingress' ? 'Everyone, outside the cluster too,' : 'everything';
  if (peers === 'dns') return "the cluster's DNS";
  const names = peers.map((peer) => {
    if (peer.kind === 'host') return peer.host.endpoint;
    return peer.kind === 'app' ? `${peer.namespace}/${peer.name}` : `every pod of ${peer.namespace}`;
  });
  const text = listText([...new Set(names)]);
  return direction === 'ingress' ? text.replace(/^every/, 'Every') : text;
};

export const portsText = (ports: readonly PortSpan[]): string =>
  listText(ports.map(({ protocol, first, last }) => `${first === last ? first : `${first}-${last}`}/${protocol}`));

/** `a, b and c` */
export const listText = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
