/** Why a connection is let through or not, as data. Built from the same conditions that `decide` uses. */
import {
  both,
  type Connection,
  connectionOf,
  type Decision,
  decideSide,
  facesOf,
  isOwnNode,
  letsThrough,
  type Model,
  seenBy,
} from '../decide.ts';
import type { EndpointKind } from '../endpoint.ts';
import type { Answer } from '../match.ts';
import type { Direction, NetworkPolicy, Rule } from '../policy.ts';
import { rulesIn } from '../rules.ts';
import type { Probe } from '../world.ts';
import { factsOf, type LabelFact } from './why-labels.ts';
import { type NotApplied, whyNotApplied } from './why-not-applied.ts';
import { type PeerAnswer, whyPeer } from './why-peer.ts';
import { type PortAnswer, whyPort } from './why-port.ts';

/** A rule, compared with the connection; a part that the rule leaves out lets everything through and is null here. */
export interface RuleAnswer {
  readonly rule: Rule;
  /** 1 for the first rule of the policy in the direction. */
  readonly number: number;
  /**
   * Also `unknown` if it lets only some of the peer's addresses through: rules may do together what none does alone.
   */
  readonly answer: Answer;
  readonly peers: readonly PeerAnswer[] | null;
  readonly ports: readonly PortAnswer[] | null;
}

/** A policy that isolates an endpoint. */
export interface IsolatingPolicy {
  readonly policy: NetworkPolicy;
  /** Why it selects the endpoint, one fact per requirement; empty if it selects every pod. */
  readonly selectedBy: readonly LabelFact[];
  readonly rules: readonly RuleAnswer[];
}

/** What policies decide at one end: at the source for egress, at the destination for ingress. */
export interface Side {
  readonly direction: Direction;
  readonly endpoint: string;
  readonly decision: Decision;
  /** Empty if nothing isolates it; it is then open. */
  readonly policies: readonly IsolatingPolicy[];
  /** The other end is the node that the pod runs on, or its kubelet: always let through, whatever the rules. */
  readonly ownNode: boolean;
  /** What an `unknown` depends on; empty otherwise. */
  readonly hangsOn: readonly Doubt[];
}

/**
 * `host-network`: the endpoint shares its node's network, and the specification leaves undefined what policies do to
 * it. `own-node`: it may be the node that the pod runs on, whose traffic is always allowed. `address-unknown`: an
 * ipBlock may contain its address, which is not known. `dns-address-unknown`: the same of a DNS server of the cluster
 * that the world does not list. `addresses`: an ipBlock contains only one of them.
 */
export interface Doubt {
  readonly kind: 'host-network' | 'own-node' | 'address-unknown' | 'dns-address-unknown' | 'addresses';
  readonly endpoint: string;
}

export interface Explanation extends Probe {
  readonly decision: Decision;
  /** What its ends are. */
  readonly kinds: Readonly<Record<'from' | 'to', EndpointKind>>;
  /** Whether the destination declares the port. Policies don't require that, but something has to listen there. */
  readonly declared: boolean;
  /** Egress, then ingress; empty for a pod to itself, which nothing blocks. */
  readonly sides: readonly Side[];
  /** Policies that come close but don't apply, the most likely meant first. */
  readonly notApplied: readonly NotApplied[];
}

/**
 * Why the policies let a connection through, or do not: for each side the policies that isolate it and, for each of
 * their rules, the result of each condition. The decision is that of `decide`. Throws a RangeError for an unknown
 * endpoint.
 */
export const explain = (model: Model, probe: Probe): Explanation =>
  explainConnection(model, connectionOf(model, probe));

export const explainConnection = (model: Model, connection: Connection): Explanation => {
  const { from, to, port, protocol } = connection;
  const probe = { from: from.name, to: to.name, port, protocol, kinds: { from: from.kind, to: to.kind } };
  const declared = connection.to.ports.some((own) => own.number === port && own.protocol === protocol);
  if (from === to) return { ...probe, decision: 'allow', declared, sides: [], notApplied: [] };
  const egress = explainSide(model, connection, 'egress');
  const ingress = explainSide(model, connection, 'ingress');
  return {
    ...probe,
    decision: both(egress.decision, ingress.decision),
    declared,
    sides: [egress, ingress],
    notApplied: whyNotApplied(model, connection),
  };
};

const explainSide = (model: Model, connection: Connection, direction: Direction): Side => {
  const isolated = direction === 'egress' ? connection.from : connection.to;
  const decision = decideSide(model, connection, direction);
  const policies = model.isolating(isolated, direction).map((policy) => ({
    policy,
    selectedBy: factsOf(policy.pods, isolated.labels),
    rules: rulesIn(policy, direction).map((rule, index) => explainRule(rule, index + 1, policy, connection, direction)),
  }));
  const hangsOn = decision === 'unknown' ? doubtsOf(connection, policies).map((doubt) => ofCluster(doubt, model)) : [];
  const ownNode = isOwnNode(connection) === true;
  return { direction, endpoint: isolated.name, decision, policies, ownNode, hangsOn };
};

const doubtsOf = ({ from, to }: Connection, policies: readonly IsolatingPolicy[]): readonly Doubt[] => {
  const ends = [from, to].filter(({ hostNetwork }) => hostNetwork);
  const perhaps = [
    ...(from.runs && !from.runs.has(to.name) ? [from] : []),
    ...(to.runs && !to.runs.has(from.name) ? [to] : []),
  ];
  const answers = policies.flatMap(({ rules }) => rules.filter(({ answer }) => answer === 'unknown'));
  const reasons = answers.flatMap(({ peers }) => (peers ?? []).filter(({ answer }) => answer === 'unknown'));
  const doubts = [
    ...ends.map(({ name }): Doubt => ({ kind: 'host-network', endpoint: name })),
    ...perhaps.map(({ name }): Doubt => ({ kind: 'own-node', endpoint: name })),
    ...reasons.flatMap(({ reason }): Doubt[] =>
      reason?.kind === 'address-unknown' || reason?.kind === 'addresses'
        ? [{ kind: reason.kind, endpoint: reason.endpoint }]
        : [],
    ),
  ];
  return [...new Map(doubts.map((doubt) => [`${doubt.kind} ${doubt.endpoint}`, doubt])).values()];
};

/** A DNS server that the world does not list has no address that a user could give. */
const ofCluster = (doubt: Doubt, { dns, endpoints }: Model): Doubt => {
  const isUnlisted = !endpoints.has(doubt.endpoint) && dns.servers.some(({ name }) => name === doubt.endpoint);
  return doubt.kind === 'address-unknown' && isUnlisted ? { ...doubt, kind: 'dns-address-unknown' } : doubt;
};

const explainRule = (
  rule: Rule,
  number: number,
  policy: NetworkPolicy,
  connection: Connection,
  direction: Direction,
): RuleAnswer => {
  const { from, to } = connection;
  const peer = direction === 'egress' ? seenBy(from, to) : seenBy(to, from);
  return {
    rule,
    number,
    answer: answerOf(rule, policy, connection, direction),
    peers: rule.peers?.map((written) => whyPeer(written, policy.namespace, peer)) ?? null,
    ports: rule.ports?.map((written) => whyPort(written, connection)) ?? null,
  };
};

/** The answer that holds for each address that the peer may use. */
const answerOf = (rule: Rule, policy: NetworkPolicy, connection: Connection, direction: Direction): Answer => {
  const end = direction === 'egress' ? 'to' : 'from';
  const answers = new Set(
    facesOf(connection[end]).map((face) => letsThrough(rule, policy, { ...connection, [end]: face }, direction)),
  );
  const [only] = answers;
  return answers.size === 1 && only ? only : 'unknown';
};
