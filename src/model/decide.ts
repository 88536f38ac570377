import type { AddressRange } from './address.ts';
import type { Dns } from './cluster-dns.ts';
import { KUBELET } from './end.ts';
import { type Endpoint, kubeletOf } from './endpoint.ts';
import { type Answer, coversPort, matchesPeer } from './match.ts';
import type { Direction, NetworkPolicy, Rule } from './policy.ts';
import { rulesIn } from './rules.ts';
import { selects } from './selector.ts';
import type { ServiceWay } from './service-way.ts';
import type { Probe } from './world.ts';

/** `unknown` if it depends on an address that is not known, or on what the specification leaves undefined. */
export type Decision = 'allow' | 'deny' | 'unknown';

/** Decides probes between endpoints, under the given policies. */
export interface Model {
  readonly policies: readonly NetworkPolicy[];
  /** Pods and hosts, by name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The ways to Services, by name: `svc:prod/web`, `dns:prod/web`, `nodeport:prod/web`, `external:prod/web`. */
  readonly ways: ReadonlyMap<string, ServiceWay>;
  /** By name: `node:own`. */
  readonly nodes: ReadonlyMap<string, Endpoint>;
  readonly dns: Dns;
  /** The ranges of Services as given; null if assumed. */
  readonly serviceRanges: readonly AddressRange[] | null;
  /** The policies that isolate the endpoint in the direction. */
  isolating(endpoint: Endpoint, direction: Direction): readonly NetworkPolicy[];
}

/** A connection between two endpoints, as policies see it. */
export interface Connection extends Pick<Probe, 'port' | 'protocol'> {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/**
 * The connection of a probe that does not go to a Service. Throws a RangeError for an endpoint that the model does not
 * have.
 */
export const connectionOf = (model: Model, { from, to, port, protocol }: Probe): Connection => {
  const endpoint = (name: string): Endpoint => {
    const found = model.endpoints.get(name) ?? model.nodes.get(name);
    if (!found) throw new RangeError(`there is no endpoint ${name} in this model`);
    return found;
  };
  const source = from === KUBELET ? kubeletOf(to) : endpoint(from);
  // A node may send to a pod from another of its addresses, such as that of a tunnel between the nodes.
  return { from: source.runs ? { ...source, addresses: null } : source, to: endpoint(to), port, protocol };
};

/** Combines the two directions: if one denies, the connection is denied. */
export const both = (one: Decision, other: Decision): Decision => {
  if (one === 'deny' || other === 'deny') return 'deny';
  return one === 'allow' && other === 'allow' ? 'allow' : 'unknown';
};

/** What the source's egress policies, or the destination's ingress policies, decide about a connection. */
export const decideSide = (model: Model, connection: Connection, direction: Direction): Decision => {
  const own = isOwnNode(connection);
  if (own) return 'allow';
  const end = direction === 'egress' ? 'to' : 'from';
  const faces = facesOf(connection[end]);
  const decision = unanimous(faces.map((face) => decideFace(model, { ...connection, [end]: face }, direction)));
  return own === undefined && decision === 'deny' ? 'unknown' : decision;
};

/** The decision, if it is the same in every case. */
export const unanimous = (decisions: readonly Decision[]): Decision => {
  const [first, ...others] = new Set(decisions);
  return first === undefined || others.length > 0 ? 'unknown' : first;
};

/**
 * "Traffic to and from the node where a Pod is running is always allowed, regardless of the IP address of the Pod or
 * the node" (https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation).
 * Undefined if it is not known whether the pod runs on that node.
 */
export const isOwnNode = ({ from, to }: Connection): boolean | undefined => {
  if (from.runs) return from.runs.get(to.name);
  return to.runs ? to.runs.get(from.name) : false;
};

/** One copy of an endpoint for each address that it has or may have: a connection uses one of them. */
export const facesOf = (endpoint: Endpoint): readonly Endpoint[] => {
  const { addresses, families } = endpoint;
  if ((addresses ?? families).length < 2) return [endpoint];
  if (!addresses) return families.map((family) => ({ ...endpoint, families: [family] }));
  return addresses.map((address) => ({ ...endpoint, addresses: [address] }));
};

/**
 * A plugin that can tell hostNetwork pods from their node can do so at both ends: each of them sees the other as a pod.
 */
export const seenBy = (isolated: Endpoint, peer: Endpoint): Endpoint =>
  isolated.hostNetwork ? { ...peer, hostNetwork: false } : peer;

const decideFace = (model: Model, connection: Connection, direction: Direction): Decision => {
  const isolated = direction === 'egress' ? connection.from : connection.to;
  const policies = model.isolating(isolated, direction);
  if (policies.length === 0) return 'allow';
  const answers = policies.flatMap((policy) =>
    rulesIn(policy, direction).map((rule) => letsThrough(rule, policy, connection, direction)),
  );
  if (answers.includes('yes')) return 'allow';
  // Undefined for hostNetwork pods. A pod's traffic with its own node is always allowed.
  const open = connection.from.hostNetwork || connection.to.hostNetwork || answers.includes('unknown');
  return open ? 'unknown' : 'deny';
};

/** Whether a rule lets the connection through: one of its peers and one of its ports must match. */
export const letsThrough = (
  { peers, ports }: Rule,
  { namespace }: NetworkPolicy,
  connection: Connection,
  direction: Direction,
): Answer => {
  const covering = ports?.filter((port) => coversPort(port, connection, connection.to));
  if (covering?.length === 0) return 'no';
  const peer = direction === 'egress' ? seenBy(connection.from, connection.to) : seenBy(connection.to, connection.from);
  const byNameOnly = covering?.every((port) => 'name' in port) ?? false;
  return matchesPeers(peers, namespace, peer, direction === 'egress' && byNameOnly);
};

/** Whether one of the peers matches the endpoint; without any peers, everyone matches. A node has no named ports. */
export const matchesPeers = (
  peers: Rule['peers'],
  policyNamespace: string,
  peer: Endpoint,
  byNameOnly: boolean,
): Answer => {
  const answers = peers?.map((written) => matchesPeer(written, policyNamespace, peer)) ?? ['yes'];
  if (answers.includes('yes')) return byNameOnly && peer.hostNetwork ? 'unknown' : 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
};

/** Whether the policy isolates the endpoint in the direction. */
export const isolates = (policy: NetworkPolicy, { namespace, labels }: Endpoint, direction: Direction): boolean =>
  policy[direction] !== null && policy.namespace === namespace?.name && selects(policy.pods, labels);
