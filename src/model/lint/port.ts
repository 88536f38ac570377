import { nearest } from '../../text.ts';
import { isolates } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import { matchesPeer } from '../match.ts';
import type { Direction, NetworkPolicy, PolicyPort, Rule } from '../policy.ts';
import { DIRECTIONS, portsOf, rulesIn } from '../rules.ts';
import type { Port } from '../world.ts';
import { mayBeUnseen, type Topology } from './topology.ts';
import type { Check, Finding } from './warning.ts';

/** Port names that no destination of the rule has. */
export const checkNamedPorts: Check = (policy, topology) =>
  DIRECTIONS.flatMap((direction) => {
    const rules = rulesIn(policy, direction).filter((rule) => portsOf(rule).some((port) => 'name' in port));
    if (rules.length === 0) return [];
    // All ingress rules have the same destinations.
    const selected = direction === 'ingress' ? declaredBy(destinationsOf(policy, null, topology)) : null;
    return rules.flatMap((rule) => {
      const declared = selected ?? declaredBy(destinationsOf(policy, rule, topology));
      return portsOf(rule).flatMap((port) =>
        'name' in port ? checkNamedPort(port, declared, direction, topology) : [],
      );
    });
  });

/** The ports of destinations; null if there is no destination. */
interface Declared {
  readonly byName: ReadonlyMap<string, readonly DeclaredPort[]>;
}

type DeclaredPort = Port & { readonly pod: Endpoint };

const declaredBy = (destinations: readonly Endpoint[]): Declared | null => {
  const ports = destinations.flatMap((pod) => pod.ports.map((own) => ({ ...own, pod })));
  const named = ports.filter((own): own is DeclaredPort & { readonly name: string } => own.name !== undefined);
  return destinations.length === 0 ? null : { byName: Map.groupBy(named, ({ name }) => name) };
};

/** Empty if there is none, or if there may be some that the model doesn't know. */
const destinationsOf = (policy: NetworkPolicy, egress: Rule | null, topology: Topology): readonly Endpoint[] => {
  if (!egress) return topology.pods.filter((pod) => isolates(policy, pod, 'ingress'));
  const { peers } = egress;
  if (peers?.some((peer) => peer.kind === 'pods' && mayBeUnseen(peer, topology))) return [];
  const pods = topology.unseen ? [...topology.pods, topology.unseen] : topology.pods;
  if (!peers) return pods;
  return pods.filter((pod) => peers.some((peer) => matchesPeer(peer, policy.namespace, pod) !== 'no'));
};

const checkNamedPort = (
  port: PolicyPort & { readonly name: string },
  declared: Declared | null,
  direction: Direction,
  { hints }: Topology,
): readonly Finding[] => {
  if (!declared) return [];
  const others = declared.byName.get(port.name) ?? [];
  if (others.some(({ protocol }) => protocol === port.protocol)) return [];
  const [other] = others;
  const whose = direction === 'ingress' ? 'that the policy selects' : 'that the rule lets out to';
  const names = [...declared.byName.keys()];
  const none = `no pod ${whose} has a port named ${port.name}`;
  hints.left -= 1;
  const near = hints.left < 0 ? '' : nearest('name', port.name, names);
  const message = other
    ? `port ${port.name} is ${other.number}/${other.protocol} of ${other.pod.name}, and not ${port.protocol}; write protocol: ${other.protocol}`
    : none + (names.length > 0 ? near : '; write its number, or name it in the pod');
  return [{ rule: 'named-port', path: port.path, message }];
};
