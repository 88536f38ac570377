/** Why policies block a connection, or let it through. */
import {
  type Direction,
  type Explanation,
  type NetworkPolicy,
  type PolicyPort,
  type ProbeExplanation,
  portsOf,
  rulesIn,
} from '../model/index.ts';
import type { Cause } from './cause.ts';
import { blockingMistakes, openingMistake } from './mistakes.ts';
import { rulesWithOtherPorts } from './port-mistakes.ts';
import { endsOf, type Sight } from './sight.ts';
import type { Policies } from './suspect.ts';

/** A cause, and what removes it, if that can be told from it. */
export interface Found {
  readonly cause: Cause;
  readonly correct: ((policies: Policies) => Policies) | null;
}

/** One for the lookup of the name, and one or two for each side, that denies. */
export const blockingCauses = (sight: Sight, { lookup }: ProbeExplanation): readonly Found[] => [
  ...(lookup?.decision === 'deny' ? lookupCauses(lookup.explanations[0]) : []),
  ...sight.connection.sides
    .filter(({ decision }) => decision === 'deny')
    .flatMap(({ direction }): readonly Found[] => {
      const suspects = blockingMistakes(sight, direction);
      return suspects.length > 0
        ? suspects.map(({ mistake, correct }) => ({ cause: mistake, correct }))
        : [{ cause: nearMiss(sight, direction), correct: null }];
    }),
];

const lookupCauses = (lookup: Explanation | undefined): readonly Found[] =>
  (lookup?.sides ?? [])
    .filter(({ decision }) => decision === 'deny')
    .map(({ direction, endpoint, policies }): Found => {
      const own = policies.map(({ policy }) => policy);
      if (direction === 'egress') {
        return { cause: { kind: 'dns-cut', policies: own, endpoint, tcp: own.some(letsOutOverTcp) }, correct: null };
      }
      return {
        cause: { kind: 'no-rule', direction, endpoint, peer: lookup?.from ?? '', policies: own },
        correct: null,
      };
    });

const DNS_PORT = 53;

/** Whether a rule has TCP port 53, but none has UDP. */
const letsOutOverTcp = (policy: NetworkPolicy): boolean =>
  rulesIn(policy, 'egress').some(({ ports }) =>
    (ports ?? []).some((port) => port.protocol === 'TCP' && 'first' in port && port.first === DNS_PORT),
  );

/** What comes nearest where nothing looks like a mistake. */
const nearMiss = (sight: Sight, direction: Direction): Cause => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  const { own, peer } = endsOf(sight, direction);
  const policies = (side?.policies ?? []).map(({ policy }) => policy);
  for (const policy of policies) {
    const [rule] = rulesWithOtherPorts(sight, direction, policy);
    const ports = (rule?.ports ?? []).map((one) => one.port);
    if (rule)
      return { kind: 'ports', direction, endpoint: own, peer, policy, rule: rule.number, ports: namesOf(ports) };
  }
  return { kind: 'no-rule', direction, endpoint: own, peer, policies };
};

/**
 * Why nothing blocks it. A mistake on either side is enough to explain it. Without one: what each side says, since
 * closing one of them is enough.
 */
export const openCauses = (sight: Sight): readonly Found[] => {
  const directions: readonly Direction[] = ['ingress', 'egress'];
  for (const direction of directions) {
    const suspect = openingMistake(sight, direction);
    if (suspect) return [{ cause: suspect.mistake, correct: suspect.correct }];
  }
  return directions
    .filter((direction) => sight.model.endpoints.get(endsOf(sight, direction).own)?.kind === 'pod')
    .map((direction) => ({ cause: openSide(sight, direction), correct: null }));
};

const openSide = (sight: Sight, direction: Direction): Cause => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  const { own, peer } = endsOf(sight, direction);
  const base = { direction, endpoint: own, peer };
  for (const { policy, rules } of side?.policies ?? []) {
    const rule = rules.find(({ answer }) => answer === 'yes');
    if (rule) return { kind: 'let-through', ...base, policy, rule: rule.number, ports: namesOf(portsOf(rule.rule)) };
  }
  return { kind: 'not-isolated', ...base, policies: [] };
};

/** `80/TCP`, `http/TCP`, `8000-8010/TCP` */
const namesOf = (ports: readonly PolicyPort[]): readonly string[] =>
  ports.map((port) => {
    if ('name' in port) return `${port.name}/${port.protocol}`;
    return `${port.first === port.last ? port.first : `${port.first}-${port.last}`}/${port.protocol}`;
  });
