/** One side of an explanation in words: which policies isolate it, and what each rule says. Not printable yet. */

import type {
  Doubt,
  EndpointKind,
  Explanation,
  IsolatingPolicy,
  NetworkPolicy,
  PeerAnswer,
  PeerReason,
  RuleAnswer,
  Side,
} from '../../model/index.ts';
import { listed, plural } from '../../text.ts';
import { factText, peerReasonText, portsText } from './reason.ts';
import { lineMarked, located, peerText, placeText, policyName, policyPortText, preposition } from './selector.ts';

const RULES_AT_MOST = 5;
const PEERS_AT_MOST = 5;

/** A rule together with the policy that it is in. */
interface PlacedRule extends RuleAnswer {
  readonly of: IsolatingPolicy;
}

/** How near a reason is to a match: the fewer parts of a peer fail, the nearer. */
const NEARNESS: readonly PeerReason['kind'][] = [
  'host-network',
  'address-unknown',
  'pod-labels',
  'namespace-labels',
  'namespace',
  'addresses',
  'family',
  'services',
  'emptied',
  'outside',
];

/** What the side's other end is. */
export const peerKindOf = ({ direction }: Side, { kinds }: Explanation): EndpointKind =>
  direction === 'egress' ? kinds.to : kinds.from;

/** `ingress of prod/db: denied`, or what allows it. */
export const sideHeading = (side: Side, { kinds }: Explanation): string => {
  const { direction, endpoint, decision, policies, ownNode } = side;
  const what = `${direction} of ${endpoint}`;
  if (policies.length === 0)
    return kinds[direction === 'egress' ? 'from' : 'to'] === 'pod'
      ? `${what}: allowed, no policy selects it for ${direction}`
      : `${what}: allowed, policies apply only to pods`;
  const applied = rulesOf(side).filter(({ answer }) => answer !== 'no');
  if (decision === 'allow' && ownNode && !applied.some(({ answer }) => answer === 'yes'))
    return `${what}: allowed, because traffic between a pod and its own node always is`;
  if (decision !== 'allow') return `${what}: ${decision === 'deny' ? 'denied' : 'unknown'}`;
  const opening = rulesOf(side).find(({ answer }) => answer === 'yes');
  // If the peer has several addresses, different rules may allow each.
  return `${what}: allowed by ${(opening ? [opening] : applied.slice(0, RULES_AT_MOST)).map((rule) => openingText(rule, side)).join('; and by ')}`;
};

/** The policies that isolate a side that is not open, with the five nearest rules. */
export const sideDetails = (side: Side, explanation: Explanation): readonly string[] => {
  const { policies, direction } = side;
  const nearest = nearestRules(side);
  const shown = new Set(nearest.slice(0, RULES_AT_MOST).map(({ rule }) => rule));
  const told = policies
    .filter(({ rules }) => rules.length === 0 || rules.some(({ rule }) => shown.has(rule)))
    .slice(0, RULES_AT_MOST);
  const lines = told.flatMap((of) => [
    located(of.policy, [], selectionText(of)),
    ...(of.rules.length === 0 ? [`  ${closedText(direction)}`] : []),
    ...of.rules
      .filter(({ rule }) => shown.has(rule))
      .flatMap((rule) => ruleLines({ ...rule, of }, side, explanation))
      .map((line) => `  ${line}`),
  ]);
  const rest = [
    ...counted(rulesOf(side).length - shown.size, 'rule', 'rules'),
    ...counted(policies.length - told.length, 'policy', 'policies'),
  ];
  const doubts = side.hangsOn.map((doubt) => doubtText(doubt, peerKindOf(side, explanation)));
  return [...doubts, ...lines, ...(rest.length > 0 ? [`… and ${rest.join(', ')} more`] : [])];
};

/** Two lines at most for a side that is not open: a policy that isolates it, and the nearest rule. */
export const sideSummary = (side: Side, explanation: Explanation): readonly string[] => {
  const { policies, direction } = side;
  const [nearest] = nearestRules(side);
  const of = nearest?.of ?? policies[0];
  if (!of) return [sideHeading(side, explanation)];
  const others = policies.length - 1;
  const more = others > 0 ? ` (and ${others} more ${others === 1 ? 'policy does' : 'policies do'})` : '';
  const heading = `${sideHeading(side, explanation)}; ${selectionText(of)}${more}`;
  const [doubt] = side.hangsOn;
  if (doubt) return [heading, `  ${doubtText(doubt, peerKindOf(side, explanation))}`];
  const why = nearest
    ? located(of.policy, nearest.rule.path, ruleText(nearest, side, explanation))
    : located(of.policy, [], closedText(direction));
  return [heading, `  ${why}`];
};

/** An unknown address is that of the other end. */
const doubtText = ({ kind, endpoint }: Doubt, peerKind: EndpointKind): string =>
  ({
    'host-network': `${endpoint} shares its node's network: the specification leaves undefined what policies do to it`,
    'own-node': `it may run on ${endpoint}, which is not known, and traffic with its own node is always allowed`,
    'address-unknown':
      peerKind === 'node'
        ? `it depends on the address that ${endpoint} has here, which is not known`
        : `it depends on the address of ${endpoint}, which is not known: set \`address:\` in the scenario`,
    'dns-address-unknown': `it depends on the address of ${endpoint}, a DNS pod of the cluster: \`podreach run\` finds it out; a rule that selects the DNS pods by their labels needs none`,
    addresses: `it depends on which of its addresses ${endpoint} uses`,
  })[kind];

const rulesOf = ({ policies }: Side): readonly PlacedRule[] =>
  policies.flatMap((of) => of.rules.map((rule) => ({ ...rule, of })));

/**
 * The rules on which an unknown depends; of a denied side all rules, those with the fewest failing conditions first.
 */
const nearestRules = (side: Side): readonly PlacedRule[] => {
  const rules = rulesOf(side);
  const open = rules.filter(({ answer }) => answer === 'unknown');
  return open.length > 0 ? open : rules.toSorted((a, b) => distanceOf(a) - distanceOf(b));
};

/** The fewer conditions fail, the nearer; ties are decided by the nearest peer. */
const distanceOf = ({ peers, ports }: RuleAnswer): number => {
  const ofPeers = peers ? Math.min(...peers.map(peerDistance)) : 0;
  const failures = Number(ofPeers > 0) + Number(portsFail(ports));
  return failures * (NEARNESS.length + 1) + ofPeers;
};

const peerDistance = ({ reason }: PeerAnswer): number => (reason ? NEARNESS.indexOf(reason.kind) + 1 : 0);

const portsFail = (ports: RuleAnswer['ports']): boolean => ports?.every(({ reason }) => reason) ?? false;

const peersFail = (peers: RuleAnswer['peers']): boolean => peers?.every(({ reason }) => reason) ?? false;

/** `prod/db selects it: app=db` */
const selectionText = ({ policy, selectedBy }: IsolatingPolicy): string =>
  selectedBy.length === 0
    ? `${policyName(policy)} selects every pod of ${policy.namespace}`
    : `${policyName(policy)} selects it: ${listed(selectedBy.map(factText))}`;

const closedText = (direction: Side['direction']): string =>
  `it has no ${direction} rules, so it lets nothing ${direction === 'ingress' ? 'in' : 'out'}`;

const openingText = ({ of: { policy }, number, rule, peers, ports }: PlacedRule, { direction }: Side): string => {
  const peer = (peers?.find(({ answer }) => answer === 'yes') ?? peers?.find(({ answer }) => answer !== 'no'))?.peer;
  const port = ports?.find(({ reason }) => !reason)?.port;
  const place = placeText(policy, rule.path);
  const who = `${preposition(direction)} ${peer ? peerText(peer, policy.namespace) : 'everywhere'}`;
  const name = `${policyName(policy)} rule ${number}${place ? ` (${place})` : ''}`;
  return `${name}, ${who}${port ? ` on ${policyPortText(port)}` : ''}`;
};

/** A rule below its policy, which names the file; one line per peer if there are several. */
const ruleLines = (placed: PlacedRule, side: Side, explanation: Explanation): readonly string[] => {
  const { of, rule, number, peers, ports } = placed;
  const { policy } = of;
  const relevant = peersFail(peers) ? relevantPeers(placed) : [];
  if (relevant.length <= 1) return [lineMarked(policy, rule.path, ruleText(placed, side, explanation))];
  const shown = relevant.slice(0, PEERS_AT_MOST);
  const more = relevant.length - shown.length;
  return [
    lineMarked(policy, rule.path, `rule ${number}`),
    ...shown.map((peer) => `  ${lineMarked(policy, peer.peer.path, answerText(peer, policy, side, explanation))}`),
    ...(more > 0 ? [`  … and ${more} more ${more === 1 ? 'peer' : 'peers'}`] : []),
    ...(ports && portsFail(ports) ? [`  ${portsText(ports, explanation)}`] : []),
  ];
};

/** A rule that does not certainly allow the connection, on one line, with its nearest peer. */
const ruleText = (placed: PlacedRule, side: Side, explanation: Explanation): string => {
  const { of, number, peers, ports } = placed;
  const against = ports && portsFail(ports) ? portsText(ports, explanation) : null;
  const name = `rule ${number}`;
  const [peer] = peersFail(peers) ? relevantPeers(placed).toSorted((a, b) => peerDistance(a) - peerDistance(b)) : [];
  if (peer) return `${name}, ${answerText(peer, of.policy, side, explanation)}${against ? `; and ${against}` : ''}`;
  const whom = side.direction === 'ingress' ? explanation.from : explanation.to;
  return against
    ? `${name} matches ${whom}, but not this port: ${against}`
    : `${name} names a port, but a node has no named ports`;
};

/** Those on which an unknown depends, otherwise all. */
const relevantPeers = ({ answer, peers }: RuleAnswer): readonly PeerAnswer[] =>
  (peers ?? []).filter((peer) => answer === 'no' || peer.answer === answer);

const answerText = (answer: PeerAnswer, { namespace }: NetworkPolicy, side: Side, explanation: Explanation): string => {
  const why = peerReasonText(answer, namespace, peerKindOf(side, explanation));
  return `${preposition(side.direction)} ${peerText(answer.peer, namespace)}: ${why}`;
};

const counted = (count: number, one: string, many: string): readonly string[] =>
  count > 0 ? [plural(count, one, many)] : [];
