/** Changes that may close a connection: policies only ever allow, so what lets it through has to go. */
import {
  type Direction,
  distinguishing,
  type Endpoint,
  type Labels,
  type Manifest,
  NAME_LABEL,
  type NetworkPolicy,
  readPolicy,
} from '../model/index.ts';
import type { LettingPart, Remedy } from './remedy.ts';
import { endsOf, type Sight } from './sight.ts';
import { type Policies, replacingRule } from './suspect.ts';

type Bare<Kind extends Remedy['kind']> = Omit<Extract<Remedy, { readonly kind: Kind }>, 'opens' | 'closes'>;

interface Closing {
  readonly remedy: Bare<'remove'> | Bare<'isolate'>;
  readonly apply: (policies: Policies) => Policies;
}

/** One for each side of it. */
export const closings = (sight: Sight): readonly Closing[] =>
  (['ingress', 'egress'] as const).flatMap((direction) => closing(sight, direction) ?? []);

const closing = (sight: Sight, direction: Direction): Closing | null => {
  const side = sight.connection.sides.find((one) => one.direction === direction);
  return (side?.policies.length ?? 0) > 0 ? removal(sight, direction) : isolation(sight, direction);
};

const removal = ({ connection }: Sight, direction: Direction): Closing | null => {
  const side = connection.sides.find((one) => one.direction === direction);
  const parts = (side?.policies ?? []).flatMap(({ policy, rules }) =>
    rules
      .filter(({ answer }) => answer !== 'no')
      .map(({ number, peers }): LettingPart => {
        const letting = (peers ?? []).filter(({ answer }) => answer !== 'no').map(({ peer }) => peer);
        const isAll = letting.length === (peers ?? []).length;
        return { policy, direction, rule: number, peers: isAll ? null : letting };
      }),
  );
  if (parts.length === 0) return null;
  return { remedy: { kind: 'remove', parts }, apply: (policies) => parts.reduce(without, policies) };
};

/** A rule stays in its place, so that the numbers of the others stay right; one without peers lets nobody through. */
const without = (policies: Policies, { policy, direction, rule, peers }: LettingPart): Policies =>
  replacingRule(policy, direction, rule, (now) => ({
    ...now,
    peers: peers ? (now.peers ?? []).filter((one) => !peers.includes(one)) : [],
  }))(policies);

const TYPES: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

/** A policy that allows all other pods, as far as labels can tell them apart. */
const isolation = (sight: Sight, direction: Direction): Closing | null => {
  const ends = endsOf(sight, direction);
  const own = sight.model.endpoints.get(ends.own);
  const peer = sight.model.endpoints.get(ends.peer);
  if (!own?.namespace || !peer?.namespace) return null;
  const labelsOf = distinguishing(sight.model.endpoints.values());
  const rule = { [direction === 'ingress' ? 'from' : 'to']: allBut(peer, labelsOf(peer)) };
  const spec = {
    podSelector: { matchLabels: labelsOf(own) },
    policyTypes: [TYPES[direction]],
    [direction]: [rule],
  };
  const policy = read(own, spec);
  if (!policy) return null;
  const remedy = { kind: 'isolate', namespace: own.namespace.name, spec } as const;
  return { remedy, apply: (policies) => [...policies, policy] };
};

/** Peers that match every pod but those with all of these labels. */
const allBut = ({ namespace }: Endpoint, labels: Labels): readonly Manifest[] => {
  const name = namespace?.name ?? '';
  const others = { namespaceSelector: { matchExpressions: [{ key: NAME_LABEL, operator: 'NotIn', values: [name] }] } };
  const beside = Object.entries(labels).map(([key, value]) => ({
    namespaceSelector: { matchLabels: { [NAME_LABEL]: name } },
    podSelector: { matchExpressions: [{ key, operator: 'NotIn', values: [value] }] },
  }));
  return [others, ...beside];
};

const read = ({ namespace }: Endpoint, spec: Manifest): NetworkPolicy | null =>
  readPolicy(
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'podreach-advice', namespace: namespace?.name },
      spec,
    },
    () => undefined,
  );
