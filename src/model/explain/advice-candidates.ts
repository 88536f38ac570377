/** Changes that may open a denied side: guesses for the model to try. */

import { addressText } from '../address-text.ts';
import type { Connection } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Selector } from '../policy.ts';
import { type Labels, NAME_LABEL } from '../world.ts';
import { type Change, type Manifest, TYPES } from './advice-change.ts';
import { peerCorrection, policyCorrections, type Sight, type SightModel, sightOf } from './advice-corrections.ts';
import { distinguishing } from './distinguishing.ts';
import type { IsolatingPolicy, RuleAnswer, Side } from './explain.ts';
import { unmetBy } from './why-labels.ts';
import type { PeerAnswer } from './why-peer.ts';

/**
 * Four kinds of guesses: the correction of a selector that misses one of the ends by a slip; new labels for the peer,
 * for each other rule that fails only because of its labels; the port, for each rule that fails only because of its
 * ports; and a rule for this connection alone, in each policy that selects by labels. A policy for all pods of a namespace is a baseline: if there are no others, the rule goes into a new policy
 * beside them.
 */
export const candidatesFor = (side: Side, connection: Connection, model: SightModel): readonly Change[] => {
  const { direction, policies } = side;
  const sight = sightOf(side, connection, model);
  const { own, peer } = sight;
  const labelsOf = distinguishing(model.endpoints.values());
  const candidates = [
    ...policyCorrections(sight),
    ...policies.flatMap((of): readonly Change[] => [
      ...of.rules.flatMap((rule) => peerChanges(rule, of, sight)),
      ...of.rules.flatMap((rule) => portChange(rule, of, side, connection)),
    ]),
  ];
  const narrow = policies.filter(({ policy }) => policy.pods.requirements.length > 0);
  const ruleIn = (namespace: string): Manifest | null => ruleFor(peer, namespace, side, connection, labelsOf);
  const rules = narrow.flatMap(({ policy }): Change[] => {
    const rule = ruleIn(policy.namespace);
    return rule ? [{ kind: 'rule', policy, direction, rule }] : [];
  });
  const rule = own.namespace && narrow.length === 0 ? ruleIn(own.namespace.name) : null;
  const beside: readonly Change[] =
    own.namespace && rule
      ? [
          {
            kind: 'policy',
            namespace: own.namespace.name,
            spec: { podSelector: selectorOf(labelsOf(own)), policyTypes: [TYPES[direction]], [direction]: [rule] },
          },
        ]
      : [];
  return [...candidates.slice(0, GUESSES_AT_MOST), ...rules.slice(0, GUESSES_AT_MOST), ...beside];
};

/** Each guess has to be tried with all policies. */
const GUESSES_AT_MOST = 50;

/** Labels that were misspelt in the policy are corrected there, and not given to the peer. */
const peerChanges = (rule: RuleAnswer, of: IsolatingPolicy, sight: Sight): readonly Change[] => {
  const { peers, ports } = rule;
  if (ports?.every(({ reason }) => reason)) return [];
  return (peers ?? []).flatMap(
    (answer) => peerCorrection(answer, rule, of, sight) ?? labelChange(answer, sight.peer) ?? [],
  );
};

const labelChange = ({ peer: written, reason }: PeerAnswer, { name, namespace, labels }: Endpoint): Change | null => {
  if (written.kind !== 'pods' || !namespace) return null;
  if (reason?.kind === 'pod-labels')
    return { kind: 'labels', of: 'pod', name, labels: curesOf(written.pods, labels), was: labels };
  if (reason?.kind !== 'namespace-labels' || !written.namespaces) return null;
  return {
    kind: 'labels',
    of: 'namespace',
    name: namespace.name,
    labels: curesOf(written.namespaces, namespace.labels),
    was: namespace.labels,
  };
};

/** Labels that meet every requirement; `Exists` accepts any value. */
const curesOf = (selector: Selector, labels: Labels): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    unmetBy(selector, labels).map(({ requirement: { key, operator, values }, near }) => {
      if (operator === 'In') return [key, values[0] ?? ''];
      return [key, operator === 'Exists' ? (near?.value ?? 'true') : null];
    }),
  );

const portChange = (
  { number, peers, ports }: RuleAnswer,
  { policy }: IsolatingPolicy,
  { direction }: Side,
  connection: Connection,
): readonly Change[] => {
  const fitsPeer = peers?.some(({ answer }) => answer === 'yes') ?? true;
  if (!fitsPeer || !ports?.every(({ reason }) => reason)) return [];
  const port = { number: connection.port, protocol: connection.protocol };
  return [{ kind: 'port', policy, direction, number, port }];
};

/** A rule for the connection alone, as far as labels can tell pods apart; null for a peer without an address. */
const ruleFor = (
  peer: Endpoint,
  policyNamespace: string,
  { direction }: Side,
  { port, protocol }: Connection,
  labelsOf: (endpoint: Endpoint) => Labels,
): Manifest | null => {
  const peers = peer.namespace ? [podPeer(peer, policyNamespace, labelsOf)] : blockPeers(peer);
  return peers.length > 0 ? { [direction === 'egress' ? 'to' : 'from']: peers, ports: [{ protocol, port }] } : null;
};

const podPeer = (peer: Endpoint, policyNamespace: string, labelsOf: (endpoint: Endpoint) => Labels): Manifest => {
  const namespace = peer.namespace?.name;
  const podSelector = selectorOf(labelsOf(peer));
  if (namespace === policyNamespace) return { podSelector };
  return { namespaceSelector: { matchLabels: { [NAME_LABEL]: namespace } }, podSelector };
};

const blockPeers = ({ addresses }: Endpoint): readonly Manifest[] =>
  (addresses ?? []).map((address) => ({
    ipBlock: { cidr: `${addressText(address)}/${address.family === 'IPv4' ? 32 : 128}` },
  }));

const selectorOf = (labels: Labels): Manifest => (Object.keys(labels).length > 0 ? { matchLabels: labels } : {});
