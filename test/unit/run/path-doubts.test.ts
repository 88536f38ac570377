import { expect } from 'chai';
import type { Endpoint } from '../../../src/deploy/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { pathsOf, withoutBrokenPaths } from '../../../src/run/path-doubts.ts';
import type { Probe } from '../../../src/scenario/index.ts';
import { pathKey } from '../../../src/settle/index.ts';
import { service } from '../probe/fake-targets.ts';

const pod = (endpoint: string, node: string): Endpoint => {
  const [namespace = '', name = ''] = endpoint.split('/');
  return { kind: 'pod', endpoint, namespace, pod: name, node, addresses: ['10.0.0.1', 'fd00::1'], ports: [] };
};
const ENDPOINTS: readonly Endpoint[] = [
  pod('a/one', 'n1'),
  pod('a/two', 'n2'),
  pod('a/three', 'n3'),
  pod('a/mate', 'n1'),
  { kind: 'host', endpoint: 'host:office', addresses: ['172.17.5.10'], ports: [], container: 'c' },
  service(['a/two', 'a/three']),
  service(['a/three'], { endpoint: 'nodeport:a/web', entry: 'n2' }),
];
const placed = { endpoints: new Map(ENDPOINTS.map((one) => [one.endpoint, one])), families: ['IPv4', 'IPv6'] as const };

const probe = (from: string, to: string, changes: Partial<Probe> = {}): Probe => ({
  from,
  to,
  port: 80,
  protocol: 'TCP',
  ...changes,
});
const seen = (from: string, to: string, verdict: Verdict, changes: Partial<Observation> = {}): Observation => ({
  ...probe(from, to),
  verdict,
  flaky: false,
  attempts: 1,
  detail: 'as seen',
  ...changes,
});
const pathsBetween = (...probes: readonly Probe[]) => pathsOf(probes, placed).map(pathKey).sort();

describe('pathsOf', () => {
  it('goes there and back, over the family of the probe or the only one', () => {
    expect(pathsBetween(probe('a/one', 'a/two', { family: 'IPv6' }))).to.deep.equal(['n1 > n2 IPv6', 'n2 > n1 IPv6']);
    expect(pathsBetween(probe('a/one', 'a/two'))).to.deep.equal(['n1 > n2 IPv4', 'n2 > n1 IPv4']);
    const six = { ...placed, families: ['IPv6'] as const };
    expect(pathsOf([probe('a/one', 'a/mate')], six).map(pathKey)).to.deep.equal(['n1 > n1 IPv6']);
  });

  it('reports each path once, and only those that have a cell', () => {
    const probes = [probe('a/one', 'a/two'), probe('a/two', 'a/one'), probe('a/mate', 'a/two', { port: 81 })];
    expect(pathsBetween(...probes)).to.deep.equal(['n1 > n2 IPv4', 'n2 > n1 IPv4']);
    expect(pathsBetween(probe('a/one', 'a/one'))).to.deep.equal([]);
  });

  it('leads to the nodes of all backends of the Service, by the node that is entered', () => {
    expect(pathsBetween(probe('a/one', 'svc:prod/web'))).to.deep.equal([
      'n1 > n2 IPv4',
      'n1 > n3 IPv4',
      'n2 > n1 IPv4',
      'n3 > n1 IPv4',
    ]);
    expect(pathsBetween(probe('a/one', 'nodeport:a/web'))).to.deep.equal([
      'n1 > n2 IPv4',
      'n1 > n3 IPv4',
      'n2 > n1 IPv4',
      'n2 > n3 IPv4',
      'n3 > n1 IPv4',
      'n3 > n2 IPv4',
    ]);
    // Nothing is behind a port that the Service does not have.
    expect(pathsBetween(probe('a/one', 'svc:prod/web', { port: 81 }))).to.deep.equal(['n1 > n1 IPv4']);
  });

  it('stays within the node of the end that has one', () => {
    expect(pathsBetween(probe('host:office', 'a/two'))).to.deep.equal(['n2 > n2 IPv4']);
    expect(pathsBetween(probe('a/two', 'host:office'))).to.deep.equal(['n2 > n2 IPv4']);
    expect(pathsBetween(probe('kubelet', 'a/three'))).to.deep.equal(['n3 > n3 IPv4']);
  });
});

describe('withoutBrokenPaths', () => {
  const broken = (key: string) => new Map([[key, 'no connection within 5 s']]);
  const across = (verdict: Verdict) => [seen('a/one', 'a/two', verdict), seen('a/two', 'a/mate', verdict)];
  const verdictsOf = (cells: readonly Observation[], key: string) =>
    withoutBrokenPaths(cells, placed, broken(key)).map(({ verdict }) => verdict);

  it('makes errors of all that was blocked on it, either way, and says why', () => {
    for (const verdict of ['dropped', 'rejected'] as const)
      for (const key of ['n1 > n2 IPv4', 'n2 > n1 IPv4'])
        expect(verdictsOf(across(verdict), key)).to.deep.equal(['error', 'error']);
    const [cell] = withoutBrokenPaths(
      [seen('a/one', 'a/two', 'dropped', { flaky: true })],
      placed,
      broken('n2 > n1 IPv4'),
    );
    expect(cell).to.include({
      verdict: 'error',
      flaky: false,
      detail: 'the path from node n2 to node n1 carried nothing while probing: no connection within 5 s; as seen',
    });
    const [within] = withoutBrokenPaths([seen('a/one', 'a/mate', 'dropped')], placed, broken('n1 > n1 IPv4'));
    expect(within?.detail).to.match(/^the path within node n1 carried nothing/);
  });

  it('leaves what got through, and what proves nothing anyway', () => {
    const cells = (['allowed', 'unsupported', 'error'] as const).flatMap(across);
    expect(withoutBrokenPaths(cells, placed, broken('n1 > n2 IPv4'))).to.deep.equal(cells);
  });

  it('changes nothing on other paths, over the other family, or if none is broken', () => {
    const cells = [...across('dropped'), seen('a/one', 'a/one', 'dropped'), seen('a/one', 'a/mate', 'rejected')];
    for (const key of ['n1 > n3 IPv4', 'n1 > n2 IPv6', 'n2 > n2 IPv4'])
      expect(withoutBrokenPaths(cells, placed, broken(key))).to.deep.equal(cells);
    expect(withoutBrokenPaths(cells, placed, new Map())).to.deep.equal(cells);
  });
});
