import { expect } from 'chai';
import fc from 'fast-check';
import { adviseFor, manifestOf, type Wanted, type WantedCell } from '../../src/advise/index.ts';
import { worldOf } from '../../src/matrix/index.ts';
import type { Family, World } from '../../src/model/index.ts';
import { eachProbeIn, type Pod, type Probe, probeKey, type Topology } from '../../src/scenario/index.ts';
import { cases } from '../naive/arbitrary.ts';
import { decideNaively } from '../naive/decide.ts';
import type { RawPolicy } from '../naive/manifest.ts';

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

const V4 = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.1.255', '10.96.0.10', '192.168.0.1'];
const V6 = ['fd00::', 'fd00::1', 'fd00::2', 'fd00:0:0:1::ffff', '2001:db8::1', '2001:db8::2'];

/** A topology whose ends have an address of their own in each family. */
const topologyOf = ({ namespaces, pods, hosts = [] }: World, isDual: boolean, hashes: readonly string[]): Topology => {
  const addressesOf = (at: number): readonly string[] => [V4[at] ?? '', ...(isDual ? [V6[at] ?? ''] : [])];
  const all = pods.map((pod, at): Pod => {
    const { namespace, name, labels = {}, ports = [], hostNetwork = false } = pod;
    const unique = [...new Map(ports.map((port) => [`${port.number}/${port.protocol}`, port])).values()];
    return {
      ...{ endpoint: `${namespace}/${name}`, namespace, name },
      labels: { ...labels, 'pod-template-hash': hashes[at] ?? 'x' },
      ports: unique.length > 0 ? unique : [{ number: 80, protocol: 'TCP' }],
      addresses: addressesOf(at),
      ...(hostNetwork && { hostNetwork }),
    };
  });
  return {
    namespaces: namespaces.map(({ name, labels: { 'kubernetes.io/metadata.name': _, ...labels } = {} }) => {
      return { name, labels, pods: all.filter(({ namespace }) => namespace === name) };
    }),
    hosts: hosts.map(({ name }, at) => {
      const addresses = [`172.16.0.${at}`, ...(isDual ? [`2001:db8:1::${at}`] : [])];
      return { endpoint: `host:${name}`, name, addresses, ports: [{ number: 443, protocol: 'TCP' }] };
    }),
    nodes: [],
    services: [],
  };
};

/** What policies do to each cell, by a procedure that shares nothing with the model. */
const judge = (topology: Topology, families: readonly Family[]) => {
  const worlds = new Map(families.map((family) => [family, worldOf({ topology, families }, family)]));
  return (policies: readonly RawPolicy[], probe: Probe) =>
    decideNaively(policies, worlds.get(probe.family ?? 'IPv4') as World, probe);
};

const withoutHash = ({ namespace, labels: { 'pod-template-hash': _, ...labels } }: Pod): string =>
  JSON.stringify([namespace, Object.entries(labels).sort()]);

describe('policies advised from the matrix of random policies', () => {
  it('give the same matrix, except where labels that last tell no pods apart, and open nothing else', () => {
    const random = fc.tuple(cases, fc.boolean(), fc.array(fc.constantFrom('x', 'y'), { minLength: 6, maxLength: 6 }));
    fc.assert(
      fc.property(random, ([{ world, manifests }, isDual, hashes]) => {
        const families = isDual ? FAMILIES : FAMILIES.slice(0, 1);
        const topology = topologyOf(world, isDual, hashes);
        const decide = judge(topology, families);
        const cells = [...eachProbeIn(topology, families)]
          .filter(({ from, to }) => from !== to)
          .map((probe): WantedCell => {
            const verdict = decide(manifests, probe);
            return verdict === 'unknown'
              ? { ...probe, expectation: null, doubt: 'undecided' }
              : { ...probe, expectation: verdict };
          });
        const wanted: Wanted = { topology, families, cells };
        const { policies, unmet, exposed } = adviseFor(wanted);
        const advised = policies.map((policy) => manifestOf(policy)) as unknown as readonly RawPolicy[];
        expect(JSON.stringify(advised)).not.to.contain('pod-template-hash');

        const named = new Set([...unmet.map(({ cell }) => cell), ...exposed].map(probeKey));
        for (const cell of cells) {
          const verdict = decide(advised, cell);
          if (cell.expectation !== 'allow' && !named.has(probeKey(cell)))
            expect(verdict, probeKey(cell)).to.equal('deny');
          if (cell.expectation === 'deny') expect(verdict, probeKey(cell)).not.to.equal('allow');
          if (cell.expectation === 'allow' && !named.has(probeKey(cell)))
            expect(verdict, probeKey(cell)).to.equal('allow');
        }

        const pods = new Map(topology.namespaces.flatMap((one) => one.pods.map((pod) => [pod.endpoint, pod] as const)));
        const lookOf = (end: string): string => {
          const pod = pods.get(end);
          return pod ? withoutHash(pod) : end;
        };
        const isTwin = (one: WantedCell, other: WantedCell): boolean =>
          lookOf(one.from) === lookOf(other.from) &&
          lookOf(one.to) === lookOf(other.to) &&
          one.port === other.port &&
          one.protocol === other.protocol &&
          other.expectation !== null &&
          other.expectation !== one.expectation;
        for (const { cell } of unmet) {
          const onNode = [cell.from, cell.to].some((end) => pods.get(end)?.hostNetwork);
          expect(onNode || cells.some((other) => isTwin(cell, other)), probeKey(cell)).to.equal(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
