import type { Endpoint } from './endpoint.ts';
import { type Answer, coversPort, matchesPeer } from './match.ts';
import type { Direction, NetworkPolicy, Rule } from './policy.ts';
import { selects } from './selector.ts';
import type { Probe } from './world.ts';

/** `unknown` where it hangs on an address that is not known, or on what the specification leaves open. */
export type Decision = 'allow' | 'deny' | 'unknown';

/** What policies say of probes between endpoints. */
export interface Model {
  readonly policies: readonly NetworkPolicy[];
  /** By name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The policies that isolate the endpoint in the direction. */
  isolating(endpoint: Endpoint, direction: Direction): readonly NetworkPolicy[];
}

/** The connection of a probe: both ends resolved. */
export interface Connection extends Pick<Probe, 'port' | 'protocol'> {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** Throws a RangeError for an endpoint that the model does not have. */
export const connectionOf = (model: Model, { from, to, port, protocol }: Probe): Connection => {
  const endpoint = (name: string): Endpoint => {
    const found = model.endpoints.get(name);
    if (!found) throw new RangeError(`there is no endpoint ${name} in this model`);
    return found;
  };
  return { from: endpoint(from), to: endpoint(to), port, protocol };
};

/**
 * Whether the policies let a connection through: egress of the source and ingress of the destination both have to allow
 * it (https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation), but
 * for a pod to itself, which nothing blocks. Throws a RangeError for an unknown endpoint.
 */
export const decide = (model: Model, probe: Probe): Decision => {
  const connection = connectionOf(model, probe);
  if (connection.from === connection.to) return 'allow';
  return both(decideSide(model, connection, 'egress'), decideSide(model, connection, 'ingress'));
};

/** Two directions together: one that denies decides. */
export const both = (one: Decision, other: Decision): Decision => {
  if (one === 'deny' || other === 'deny') return 'deny';
  return one === 'allow' && other === 'allow' ? 'allow' : 'unknown';
};

/** What the source's egress policies, or the destination's ingress policies, say of a connection. */
export const decideSide = (model: Model, connection: Connection, direction: Direction): Decision => {
  const end = direction === 'egress' ? 'to' : 'from';
  const decisions = new Set(
    facesOf(connection[end]).map((face) => decideFace(model, { ...connection, [end]: face }, direction)),
  );
  const [only] = decisions;
  return decisions.size === 1 && only ? only : 'unknown';
};

/** An endpoint once for each address that it has or may have: a connection uses one of them. */
export const facesOf = (endpoint: Endpoint): readonly Endpoint[] => {
  const { addresses, families } = endpoint;
  if ((addresses ?? families).length < 2) return [endpoint];
  if (!addresses) return families.map((family) => ({ ...endpoint, families: [family] }));
  return addresses.map((address) => ({ ...endpoint, addresses: [address], families: [address.family] }));
};

/** A plugin that can tell hostNetwork pods from their node can do so at both ends: to one of them the other is a pod. */
export const seenBy = (isolated: Endpoint, peer: Endpoint): Endpoint =>
  isolated.hostNetwork ? { ...peer, hostNetwork: false } : peer;

const decideFace = (model: Model, connection: Connection, direction: Direction): Decision => {
  const isolated = direction === 'egress' ? connection.from : connection.to;
  const policies = model.isolating(isolated, direction);
  if (policies.length === 0) return 'allow';
  const answers = policies.flatMap((policy) =>
    (policy[direction] ?? []).map((rule) => letsThrough(rule, policy, connection, direction)),
  );
  if (answers.includes('yes')) return 'allow';
  // Undefined for hostNetwork pods; and a pod always exchanges traffic with the node that it runs on.
  const open = connection.from.hostNetwork || connection.to.hostNetwork || answers.includes('unknown');
  return open ? 'unknown' : 'deny';
};

/** Whether a rule lets the connection through: one of its peers and one of its ports have to match. */
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

/** Whether one of the peers means the endpoint; none are given: everyone. A node has no named ports. */
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
