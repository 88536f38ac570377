import { expect } from 'chai';
import { parseRange } from '../../../../src/model/address.ts';
import { comparableNamespaces } from '../../../../src/model/lint/effort.ts';
import type { NetworkPolicy, Peer, PolicyPort, Requirement, Rule } from '../../../../src/model/policy.ts';

/** Made by hand: the reader would keep a place for each of the thousands of parts. */
const path: [] = [];
const range = parseRange('10.0.0.0/8') ?? expect.fail();
const port: PolicyPort = { protocol: 'TCP', first: 80, last: 80, path };
const pods: Peer = { kind: 'pods', pods: { requirements: [], path }, namespaces: null, path };
const requirement: Requirement = { key: 'app', operator: 'Exists', values: [], path };
const many = <Item>(count: number, item: Item): readonly Item[] => Array.from({ length: count }, () => item);
const rule = ({ peers = null, ports = null }: Partial<Rule>): Rule => ({ peers, ports, path });
const policy = (
  { ingress = null, egress = null }: Partial<Pick<NetworkPolicy, 'ingress' | 'egress'>>,
  requirements: readonly Requirement[] = [],
) => ({ name: 'p', pods: { requirements, path }, ingress, egress, idle: [] });
const letting = (count: number) => policy({ ingress: [rule({ ports: many(count, port) })] });

const comparable = (
  specs: Readonly<Record<string, readonly Omit<NetworkPolicy, 'namespace'>[]>>,
): readonly string[] => [
  ...comparableNamespaces(
    Object.entries(specs).flatMap(([namespace, own]) => own.map((one): NetworkPolicy => ({ ...one, namespace }))),
  ),
];

/** A policy counts 1, and all that is compared of it with each other policy; 2,000 of a namespace are 4 million pairs. */
describe('lint: effort', () => {
  const specs: Readonly<Record<string, (count: number) => readonly Omit<NetworkPolicy, 'namespace'>[]>> = {
    'ports of a rule': (count) => [letting(count - 1)],
    'peers of a rule': (count) => [policy({ ingress: [rule({ peers: many(count - 1, pods) })] })],
    'each peer with each port': (count) => [
      policy({
        ingress: [rule({ peers: many(3, pods), ports: many(666, port) }), ...many(count - 1999, rule({}))],
      }),
    ],
    'exceptions of a block': (count) => [
      policy({
        ingress: [rule({ peers: [pods, { kind: 'block', cidr: range, except: many(count - 3, range), path }] })],
      }),
    ],
    'requirements of the selector': (count) => [policy({ ingress: [] }, many(count - 1, requirement))],
    'rules of both directions': (count) => [
      policy({
        ingress: [rule({ ports: many(1000, port) })],
        egress: [rule({ peers: many(count - 1001, pods) })],
      }),
    ],
    'policies of a namespace': (count) => [letting(999), letting(count - 1001)],
  };
  for (const [what, of] of Object.entries(specs))
    it(`counts ${what}`, () => {
      expect(comparable({ prod: of(2000) })).to.deep.equal(['prod']);
      expect(comparable({ prod: of(2001) })).to.deep.equal([]);
    });

  it('goes by all namespaces together, the small ones first', () => {
    expect(comparable({ large: [letting(1499)], small: [letting(1399)] })).to.deep.equal(['small']);
    expect(comparable({ a: [letting(1199)], b: [letting(1299)], c: [letting(1099)] })).to.deep.equal(['c', 'a']);
    expect(comparable({ tiny: [policy({})], larger: [letting(2000)], small: [letting(9)] })).to.deep.equal([
      'tiny',
      'small',
    ]);
  });
});
