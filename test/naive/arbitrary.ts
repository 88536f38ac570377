/** Random worlds and policies out of few words, so that selectors often match, names collide and numbers hit edges. */
import fc from 'fast-check';
import type { Labels, Port, World, WorldHost, WorldPod } from '../../src/model/world.ts';
import { familyOf, isInCidr } from './cidr.ts';
import {
  policyIn,
  type RawExpression,
  type RawPeer,
  type RawPolicy,
  type RawPort,
  type RawRule,
  type RawSelector,
} from './manifest.ts';

const KEYS = ['app', 'tier', 'constructor'];
const VALUES = ['a', 'b', ''];
const NAMESPACES = ['default', 'one', 'two'];
const NAME_LABEL = 'kubernetes.io/metadata.name';
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const PORT_NAMES = ['web', 'dns'];
const NUMBERS = [1, 79, 80, 80, 81, 443, 65535];
const ADDRESSES = {
  IPv4: ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.1.255', '192.168.0.1', '255.255.255.255'],
  IPv6: ['fd00::', 'fd00::1', 'fd00::2', 'fd00:0:0:1::ffff', '2001:db8::1'],
};
const CIDRS = [
  ...[
    '0.0.0.0/0',
    '0.0.0.0/0',
    '10.96.0.0/16',
    '10.96.0.10/32',
    '10.0.0.0/8',
    '10.0.0.0/23',
    '10.0.0.3/30',
    '10.0.0.1/32',
    '192.168.0.0/16',
  ],
  ...['::/0', '::/0', 'fd00::/8', 'fd00::/64', 'fd00::3/126', 'fd00::1/128'],
];

/** The ports that are worth a probe: the numbers and protocols that policies and pods use. */
export const PROBED: readonly Port[] = [
  ...[1, 79, 80, 81, 443, 65535].map((number) => ({ number, protocol: 'TCP' as const })),
  ...[80, 443].map((number) => ({ number, protocol: 'UDP' as const })),
  { number: 80, protocol: 'SCTP' },
];

/** Left out, null, empty, or with items. */
const perhapsList = <T>(item: fc.Arbitrary<T>, weights = { none: 2, some: 6 }): fc.Arbitrary<T[] | null | undefined> =>
  fc.oneof(
    { weight: weights.none, arbitrary: fc.constantFrom(undefined, null) },
    { weight: 1, arbitrary: fc.constant<T[]>([]) },
    { weight: weights.some, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
  );

const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 2,
  noNullPrototype: true,
});

const port: fc.Arbitrary<Port> = fc.record(
  {
    number: fc.constantFrom(...NUMBERS),
    protocol: fc.constantFrom('TCP', ...PROTOCOLS),
    name: fc.constantFrom(...PORT_NAMES),
  },
  { requiredKeys: ['number', 'protocol'] },
);

const addresses: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<string[]>([]) },
  { weight: 4, arbitrary: fc.constantFrom(...ADDRESSES.IPv4).map((address) => [address]) },
  { weight: 1, arbitrary: fc.constantFrom(...ADDRESSES.IPv6).map((address) => [address]) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ADDRESSES.IPv4), fc.constantFrom(...ADDRESSES.IPv6)) },
);

const pod = fc.record(
  {
    namespace: fc.constantFrom('default', ...NAMESPACES),
    name: fc.constantFrom('p', 'q', 'r', 's'),
    labels,
    ports: fc.array(port, { maxLength: 3 }),
    addresses,
    hostNetwork: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  },
  { requiredKeys: ['namespace', 'name'] },
);

const host: fc.Arbitrary<WorldHost> = fc.record({
  name: fc.constantFrom('office', 'cloud'),
  addresses: addresses.filter((known) => known.length > 0),
});

/** Some claim another namespace's name, which Kubernetes does not let them have. */
const namespaceLabels: fc.Arbitrary<Labels> = fc.oneof(
  { weight: 4, arbitrary: labels },
  { weight: 1, arbitrary: fc.constantFrom(...NAMESPACES).map((name) => ({ [NAME_LABEL]: name })) },
);

export const worlds: fc.Arbitrary<World> = fc.record(
  {
    namespaces: fc
      .tuple(namespaceLabels, namespaceLabels, namespaceLabels)
      .map((own) => NAMESPACES.map((name, at) => ({ name, labels: own[at] ?? {} }))),
    pods: fc.uniqueArray(pod as fc.Arbitrary<WorldPod>, {
      selector: ({ namespace, name }) => `${namespace}/${name}`,
      minLength: 4,
      maxLength: 6,
    }),
    hosts: fc.uniqueArray(host, { selector: ({ name }) => name, maxLength: 2 }),
    families: fc.constantFrom<('IPv4' | 'IPv6')[]>(['IPv4'], ['IPv6'], ['IPv4', 'IPv6']),
    serviceRanges: fc.constantFrom<string[]>([], ['10.96.0.0/17', '10.96.128.0/17'], ['192.168.0.0/15', 'fd00::/64']),
  },
  { requiredKeys: ['namespaces', 'pods'] },
);

const matchLabels = (keys: readonly string[], values: readonly string[]): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 1, noNullPrototype: true });

const expression: fc.Arbitrary<RawExpression> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
  }),
  fc.record(
    {
      key: fc.constantFrom(...KEYS),
      operator: fc.constantFrom('Exists', 'DoesNotExist'),
      values: fc.constantFrom<readonly string[] | null>(null, []),
    },
    { requiredKeys: ['key', 'operator'] },
  ),
);

const selectorOf = (equal: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<RawSelector> =>
  fc.oneof<fc.WeightedArbitrary<RawSelector>[]>(
    { weight: 2, arbitrary: fc.constant<RawSelector>({}) },
    { weight: 2, arbitrary: fc.record({ matchLabels: fc.option(equal) }) },
    { weight: 2, arbitrary: fc.record({ matchExpressions: perhapsList(expression) }) },
    { weight: 1, arbitrary: fc.record({ matchLabels: equal, matchExpressions: perhapsList(expression) }) },
  );

const podSelector = selectorOf(matchLabels(KEYS, VALUES));
const namespaceSelector = fc.oneof(
  { weight: 2, arbitrary: podSelector },
  { weight: 1, arbitrary: selectorOf(matchLabels([NAME_LABEL], NAMESPACES)) },
);

/** `except` are those of the ranges that lie inside, as the API asks. */
const ipBlock = fc
  .tuple(fc.constantFrom(...CIDRS), fc.constantFrom('none', 'null', 'holes', 'holes'))
  .map(([cidr, holes]) => {
    if (holes !== 'holes') return holes === 'null' ? { cidr, except: null } : { cidr };
    return { cidr, except: CIDRS.filter((other) => isInside(other, cidr)).slice(-2) };
  });

/** The base address decides, since one of two ranges holds the other or they lie apart. */
const isInside = (inner: string, outer: string): boolean => {
  const [innerLength, outerLength] = [inner, outer].map((cidr) => Number(cidr.split('/')[1]));
  const [base = ''] = inner.split('/');
  return Number(innerLength) > Number(outerLength) && familyOf(inner) === familyOf(outer) && isInCidr(base, outer);
};

const peer: fc.Arbitrary<RawPeer> = fc.oneof(
  fc.record({ podSelector }),
  fc.record({ namespaceSelector, podSelector: fc.constant(null) }),
  fc.record({ namespaceSelector }),
  fc.record({ namespaceSelector, podSelector }),
  fc.record({ ipBlock }),
  fc.record({ ipBlock }),
  fc.record({ ipBlock, podSelector: fc.constant(null), namespaceSelector: fc.constant(null) }),
);

const protocol = fc.constantFrom('TCP', ...PROTOCOLS, null, undefined);
const policyPort = fc.oneof<fc.Arbitrary<RawPort>[]>(
  fc.record({ protocol }),
  fc.record({ protocol, port: fc.constantFrom(...NUMBERS), endPort: fc.constant(null) }),
  fc.record({ protocol, port: fc.constantFrom(...PORT_NAMES) }),
  fc
    .tuple(protocol, fc.constantFrom(...NUMBERS), fc.constantFrom(...NUMBERS))
    .map(([own, a, b]) => ({ protocol: own, port: Math.min(a, b), endPort: Math.max(a, b) })),
);

export const rules = (key: 'from' | 'to'): fc.Arbitrary<RawRule> =>
  fc
    .record({ peers: perhapsList(peer, { none: 1, some: 20 }), ports: perhapsList(policyPort, { none: 3, some: 8 }) })
    .map(({ peers, ports }) => withoutUndefined<RawRule>({ [key]: peers, ports }));

/** A key that is left out is no key, as YAML has it. */
const withoutUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

export const policies: fc.Arbitrary<RawPolicy> = fc
  .record({
    namespace: fc.constantFrom(null, 'default', ...NAMESPACES, ...NAMESPACES, 'gone'),
    spec: fc.record({
      podSelector,
      policyTypes: fc.constantFrom(undefined, null, [], ['Ingress'], ['Egress'], ['Egress', 'Ingress']),
      ingress: perhapsList(rules('from')),
      egress: perhapsList(rules('to')),
    }),
  })
  .map(({ namespace, spec }) => policyIn(namespace, withoutUndefined(spec)));

export interface Case {
  readonly world: World;
  readonly manifests: readonly RawPolicy[];
}

export const cases: fc.Arbitrary<Case> = fc.record({
  world: worlds,
  manifests: fc.array(policies, { minLength: 2, maxLength: 5 }),
});
