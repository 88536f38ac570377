import { expect } from 'chai';
import fc from 'fast-check';
import { formatGrid } from '../../../src/scenario/grid-format.ts';
import { parseGrid } from '../../../src/scenario/grid-parse.ts';
import { type Expectation, type Port, probesOf, type Topology } from '../../../src/scenario/index.ts';
import { host, pod } from './grid-fixture.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const port = fc.record({ number: fc.integer({ min: 1, max: 65535 }), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') });
const ports = fc.uniqueArray(port, { maxLength: 3, selector: ({ number, protocol }) => `${number}/${protocol}` });
const inside = fc.uniqueArray(
  fc.tuple(name, fc.uniqueArray(fc.tuple(name, ports), { maxLength: 4, selector: ([of]) => of })),
  {
    maxLength: 4,
    selector: ([of]) => of,
  },
);
const outside = fc.uniqueArray(fc.tuple(name, ports), { maxLength: 3, selector: ([of]) => of });
const topologies: fc.Arbitrary<Topology> = fc
  .tuple(inside, outside)
  .map(([namespaces, hosts]) => ({
    nodes: [],
    services: [],
    hosts: hosts.map(([of, its], at) => host(of, `172.17.0.${at + 1}`, ...(its as readonly Port[]))),
    namespaces: namespaces.map(([namespace, pods]) => ({
      name: namespace,
      labels: {},
      pods: pods.map(([of, its]) => pod(namespace, of, ...(its as readonly Port[]))),
    })),
  }))
  .filter((any) => probesOf(any).length > 0);
const matrices = topologies.chain((any) => {
  const probes = probesOf(any).filter(({ from, to }) => from !== to);
  const marks = fc.array(fc.constantFrom<Expectation | null>('allow', 'deny', 'drop', 'reject', null), {
    minLength: probes.length,
    maxLength: probes.length,
  });
  const cells = marks.map((all) => probes.map((probe, at) => ({ ...probe, expectation: all[at] ?? null })));
  return fc.tuple(fc.constant(any), cells);
});

describe('any grid', () => {
  it('survives being written and read', () => {
    fc.assert(
      fc.property(matrices, ([any, cells]) => {
        expect(parseGrid(formatGrid(cells, any), any)).to.deep.equal({ expected: cells, problems: [] });
      }),
    );
  });
});
