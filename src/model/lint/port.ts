import { nearest } from '../../wording.ts';
import { isolates } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import { coversPort, matchesPeer } from '../match.ts';
import type { Direction, NetworkPolicy, PolicyPort, Rule } from '../policy.ts';
import { mayBeUnseen, type Topology } from './topology.ts';
import { type Check, DIRECTIONS, type Finding } from './warning.ts';

/** Ports by names that no destination of the rule has. */
export const checkNamedPorts: Check = (policy, topology) =>
  DIRECTIONS.flatMap((direction) =>
    (policy[direction] ?? []).flatMap((rule) => {
      const named = (rule.ports ?? []).filter((port) => 'name' in port);
      if (named.length === 0) return [];
      const destinations = destinationsOf(policy, rule, direction, topology);
      return named.flatMap((port) => checkNamedPort(port, destinations, direction));
    }),
  );

/** Empty where there is none, or where there may be some that the model was not told of. */
const destinationsOf = (
  policy: NetworkPolicy,
  { peers }: Rule,
  direction: Direction,
  topology: Topology,
): readonly Endpoint[] => {
  if (direction === 'ingress') return topology.pods.filter((pod) => isolates(policy, pod, direction));
  if (peers?.some((peer) => peer.kind === 'pods' && mayBeUnseen(peer, topology))) return [];
  const pods = topology.unseen ? [...topology.pods, topology.unseen] : topology.pods;
  if (!peers) return pods;
  return pods.filter((pod) => peers.some((peer) => matchesPeer(peer, policy.namespace, pod) !== 'no'));
};

const checkNamedPort = (
  port: PolicyPort & { readonly name: string },
  destinations: readonly Endpoint[],
  direction: Direction,
): readonly Finding[] => {
  if (destinations.length === 0) return [];
  const ports = destinations.flatMap((pod) => pod.ports.map((own) => ({ ...own, pod })));
  if (ports.some(({ number, protocol, pod }) => coversPort(port, { port: number, protocol }, pod))) return [];
  const other = ports.find(({ name }) => name === port.name);
  const whose = direction === 'ingress' ? 'that the policy selects' : 'that the rule lets out to';
  const names = ports.flatMap(({ name }) => name ?? []);
  const message = other
    ? `port ${port.name} is ${other.number}/${other.protocol} of ${other.pod.name}, and not ${port.protocol}; write protocol: ${other.protocol}`
    : `no pod ${whose} has a port named ${port.name}${names.length > 0 ? nearest('name', port.name, names) : '; write its number, or name it in the pod'}`;
  return [{ rule: 'named-port', path: port.path, message }];
};
