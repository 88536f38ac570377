import { expect } from 'chai';
import { type NetworkPolicy, readPolicies } from '../../../../src/model/index.ts';
import { comparableNamespaces } from '../../../../src/model/lint/effort.ts';

/** Each policy given as its spec. */
const comparable = (specs: Readonly<Record<string, readonly object[]>>): readonly string[] => {
  const policies = Object.entries(specs).flatMap(([namespace, own]): readonly NetworkPolicy[] =>
    readPolicies(
      own.map((spec, at) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `p${at}`, namespace },
        spec,
      })),
    ),
  );
  return [...comparableNamespaces(policies)];
};
const ports = (count: number) => Array.from({ length: count }, (_, at) => ({ port: at + 1 }));
const peers = (count: number) => Array.from({ length: count }, () => ({ podSelector: {} }));
const labels = (count: number) => Object.fromEntries(ports(count).map(({ port }) => [`l${port}`, 'x']));
const excepts = (count: number) => ports(count).map(({ port }) => `10.${Math.floor(port / 256)}.${port % 256}.0/24`);
const letting = (count: number) => ({ podSelector: {}, ingress: [{ ports: ports(count) }] });

/** A policy counts 1, and all that is compared of it with each other policy; 2,000 of a namespace are 4 million pairs. */
describe('lint: effort', () => {
  const specs: Readonly<Record<string, (count: number) => readonly object[]>> = {
    'ports of a rule': (count) => [letting(count - 1)],
    'peers of a rule': (count) => [{ ingress: [{ from: peers(count - 1) }] }],
    'each peer with each port': (count) => [
      { ingress: [{ from: peers(3), ports: ports(666) }, ...Array.from({ length: count - 1999 }, () => ({}))] },
    ],
    'exceptions of a block': (count) => [
      { ingress: [{ from: [{ podSelector: {} }, { ipBlock: { cidr: '10.0.0.0/8', except: excepts(count - 3) } }] }] },
    ],
    'requirements of the selector': (count) => [{ podSelector: { matchLabels: labels(count - 1) }, ingress: [] }],
    'rules of both directions': (count) => [
      { ingress: [{ ports: ports(1000) }], egress: [{ to: peers(count - 1001) }] },
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
    expect(comparable({ tiny: [{}], larger: [letting(2000)], small: [letting(9)] })).to.deep.equal(['tiny', 'small']);
  });
});
