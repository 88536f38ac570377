/** Rules that match the other end, but not the port. */
import { type Direction, hasLabels, type PolicyPort, type RuleAnswer } from '../model/index.ts';
import { type Port, portText } from '../scenario/index.ts';
import type { Sight } from './sight.ts';
import { replacingRule, type Suspect } from './suspect.ts';

/** `anyPeers`: of the rules that do not match the other end, too. */
export const portMistakes = (sight: Sight, direction: Direction, anyPeers = false): readonly Suspect[] => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  return (side?.policies ?? []).flatMap(({ policy, rules }) =>
    (anyPeers ? rules : rulesWithOtherPorts(sight, direction, policy)).flatMap((rule) =>
      ofRule(sight, direction, policy, rule),
    ),
  );
};

type Policy = Sight['connection']['sides'][number]['policies'][number]['policy'];

/** The rules of a policy that only their ports keep from matching. */
export const rulesWithOtherPorts = (
  { connection: { sides } }: Sight,
  direction: Direction,
  policy: Policy,
): readonly RuleAnswer[] => {
  const isolating = sides.find((one) => one.direction === direction)?.policies.find((one) => one.policy === policy);
  return (isolating?.rules ?? []).filter(
    ({ peers, ports }) =>
      (peers?.some(({ answer }) => answer === 'yes') ?? true) && (ports?.every(({ reason }) => reason) ?? false),
  );
};

const ofRule = (
  sight: Sight,
  direction: Direction,
  policy: Policy,
  { number, ports }: RuleAnswer,
): readonly Suspect[] => {
  const { port, protocol } = sight.connection;
  const target = portText({ number: port, protocol });
  const base = { policy, direction, rule: number };
  const correct = replacingRule(policy, direction, number, (rule) => ({
    ...rule,
    ports: [...(rule.ports ?? []), { protocol, first: port, last: port, path: rule.path }],
  }));
  return (ports ?? []).flatMap(({ port: written, reason }): readonly Suspect[] => {
    if (reason?.kind === 'nameless' && 'name' in written) {
      const mistake = {
        kind: 'named-port',
        ...base,
        name: written.name,
        endpoint: sight.connection.to,
        port: target,
      } as const;
      return [{ mistake, correct, certain: true }];
    }
    const service = serviceWith(sight, written);
    if (!service) return [];
    const mistake = { kind: 'service-port', ...base, service: service.name, written: service.port, target } as const;
    return [{ mistake, correct, certain: true }];
  });
};

/** The Service of the destination that leads from this port to the connection's. */
const serviceWith = ({ services, model, connection }: Sight, written: PolicyPort) => {
  if (!('first' in written)) return null;
  const to = model.endpoints.get(connection.to);
  for (const { namespace, name, selector, ports } of services) {
    if (to?.namespace?.name !== namespace || !hasLabels(to.labels, selector)) continue;
    const port = ports.find(
      (own) =>
        own.protocol === written.protocol &&
        own.number >= written.first &&
        own.number <= written.last &&
        targetOf(own.target, to.ports) === connection.port,
    );
    if (port) return { name: `${namespace}/${name}`, port: portText(port) };
  }
  return null;
};

const targetOf = (target: number | string, ports: readonly Port[]): number | undefined =>
  typeof target === 'number' ? target : ports.find(({ name }) => name === target)?.number;
