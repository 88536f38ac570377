import { expect } from 'chai';
import type { Endpoint } from '../../../src/deploy/index.ts';
import { predict } from '../../../src/matrix/index.ts';
import { readPolicies } from '../../../src/model/index.ts';
import { sampleOf } from '../../../src/run/sample.ts';
import {
  type Expected,
  type ExpectedProbe,
  type Pod,
  type Probe,
  probesOf,
  type Topology,
} from '../../../src/scenario/index.ts';
import { endpoint } from '../probe/fake-targets.ts';

const PORT = { number: 80, protocol: 'TCP' as const };

/** Pods of prod: so many of each app, each with one port. */
const topologyOf = (counts: Readonly<Record<string, number>>): Topology => ({
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    {
      name: 'prod',
      labels: {},
      pods: Object.entries(counts).flatMap(([app, count]) =>
        Array.from({ length: count }, (_, index): Pod => {
          const name = `${app}-${index}`;
          return { endpoint: `prod/${name}`, namespace: 'prod', name, labels: { app }, ports: [PORT] };
        }),
      ),
    },
  ],
});

const onlyFrom = (app: string) => {
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'only', namespace: 'prod' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }],
    },
  };
  return readPolicies([manifest]).map((spec) => ({
    ...{ name: 'only', namespace: 'prod', file: 'only.yaml', line: 1 },
    ...{ manifest, spec, ignored: [] },
  }));
};

interface Options {
  readonly expected?: (probes: readonly Probe[]) => Expected;
  readonly nodeOf?: (index: number) => string;
  readonly random?: () => number;
}

const sample = (
  counts: Readonly<Record<string, number>>,
  { expected = () => null, nodeOf = () => 'n1', random = () => 0 }: Options = {},
) => {
  const topology = topologyOf(counts);
  const probes = probesOf(topology);
  const pods = topology.namespaces.flatMap((namespace) => namespace.pods);
  const endpoints = new Map<string, Endpoint>(
    pods.map(({ endpoint: name, ports }, index) => [name, { ...endpoint(name, index, ports), node: nodeOf(index) }]),
  );
  const situation = { topology, families: ['IPv4' as const], policies: onlyFrom('client') };
  const cells = { probes, expected: expected(probes), predicted: predict(situation) };
  const { sampled, ...chosen } = sampleOf(cells, situation, endpoints, random);
  return { ...sampled, ...chosen };
};

const cellsOf = (probes: readonly Probe[]) => probes.map(({ from, to }) => `${from} > ${to}`);

describe('sampleOf', () => {
  it('takes one cell of each pair of classes, and each of their servers by itself', () => {
    const { probes, pairs, random, all } = sample({ web: 1, client: 1, other: 1 });
    // Three classes of one pod each: every cell but the pods' own stands for itself.
    expect({ pairs, random, all }).to.deep.equal({ pairs: 6, random: 0, all: 6 });
    expect(probes).to.have.length(9);
  });

  it('takes a twentieth of the others at random', () => {
    const { probes, pairs, random, all } = sample({ web: 4, client: 4, other: 4 });
    // Twelve pods in three classes: nine pairs of classes, of 132 cells between different pods.
    expect({ pairs, random, all }).to.deep.equal({ pairs: 9, random: 7, all: 132 });
    const between = probes.filter(({ from, to }) => from !== to);
    expect(between).to.have.length(16);
    const servers = new Set(between.map(({ to }) => to));
    expect(cellsOf(probes.filter(({ from, to }) => from === to))).to.have.members(
      [...servers].map((server) => `${server} > ${server}`),
    );
    expect(new Set(cellsOf(between).map((cell) => cell.replaceAll(/-\d+/g, '')))).to.have.property('size', 9);
  });

  it('takes others each time', () => {
    const some = (random: () => number) => cellsOf(sample({ web: 9, client: 9 }, { random }).probes);
    let last = 0.1;
    const random = () => {
      last = (last * 7.13) % 1;
      return last;
    };
    expect(some(random)).to.not.deep.equal(some(random));
  });

  it('keeps pods on different nodes apart, because another agent enforces there', () => {
    const nodeOf = (index: number) => `n${index % 2}`;
    // Two classes on two nodes each.
    expect(sample({ web: 4, client: 4 }, { nodeOf }).pairs).to.equal(16);
  });

  it('keeps cells apart of which different things are expected, so that each expectation is tried', () => {
    const odd = (probe: Probe): boolean => probe.from === 'prod/client-3' && probe.to === 'prod/web-2';
    const expected = (probes: readonly Probe[]) =>
      probes.map((probe): ExpectedProbe => ({ ...probe, expectation: odd(probe) ? 'deny' : 'allow' }));
    const { probes, pairs, predicted, expected: wanted } = sample({ web: 4, client: 4 }, { expected });
    expect(pairs).to.equal(5);
    expect(probes.some(odd)).to.equal(true);
    // Nothing else may be asked of the matrix.
    for (const kept of [predicted, wanted]) expect(kept).to.have.length(probes.length);
  });
});
