import { expect } from 'chai';
import type { Endpoint, HostEndpoint } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { requirePinned, situationOf } from '../../../src/run/addresses.ts';
import type { Node, Topology } from '../../../src/scenario/index.ts';
import { endpoint, service } from '../probe/fake-targets.ts';
import { topologyOf } from './fake-stage.ts';

const pinnedTo = (...addresses: readonly string[]): Topology => {
  const topology = topologyOf();
  return {
    ...topology,
    namespaces: topology.namespaces.map((one) => ({
      ...one,
      pods: one.pods.map((pod) => (pod.name === 'web' ? { ...pod, addresses } : pod)),
    })),
  };
};

const web = (...addresses: readonly string[]): Endpoint => ({ ...endpoint('prod/web', 0, []), addresses });
const named = (...endpoints: readonly Endpoint[]) => new Map(endpoints.map((one) => [one.endpoint, one]));
const deployed = (...addresses: readonly string[]) => named(web(...addresses), endpoint('prod/client', 1, []));

describe('situationOf', () => {
  const node = (name: string, there: boolean): Node => ({
    endpoint: `node:${name}`,
    name,
    runs: { pod: 'prod/web', there },
    ports: [],
  });
  const topology: Topology = { ...topologyOf(), nodes: [node('own', true), node('other', false)] };
  const at = (name: string, index: number, on: string) => ({ ...endpoint(name, index, []), node: on });
  const office: HostEndpoint = {
    ...{ kind: 'host', endpoint: 'host:office', container: 'c' },
    addresses: ['172.17.5.10'],
    ports: [],
  };
  const endpoints = named(
    at('prod/web', 0, 'n1'),
    at('prod/client', 1, 'n2'),
    { ...at('node:own', 2, 'n1'), kind: 'node', addresses: ['172.18.0.2'] },
    { ...at('node:other', 3, 'n2'), kind: 'node', addresses: ['172.18.0.3', 'fc00::3'] },
    office,
    service(['prod/web']),
  );
  const situation = situationOf({ topology, endpoints, families: ['IPv4', 'IPv6'] });

  it('gives the addresses that pods and nodes have, and no others', () => {
    expect(Object.fromEntries(situation.addresses ?? [])).to.deep.equal({
      'prod/web': ['10.0.0.1'],
      'prod/client': ['10.0.0.2'],
      'node:own': ['172.18.0.2'],
      'node:other': ['172.18.0.3', 'fc00::3'],
    });
  });

  it("gives the cluster's DNS servers, if they are known", () => {
    const dns = { namespace: { name: 'kube-system' }, pods: [] };
    expect(situationOf({ topology, endpoints, families: ['IPv4'] }, dns).dns).to.equal(dns);
    expect(situation).to.not.have.property('dns');
  });

  it('says which pods run on which node, and not that the node runs on itself', () => {
    const residents = [...(situation.residents ?? [])].map(([name, pods]) => [name, [...pods]]);
    expect(residents).to.deep.equal([
      ['node:own', ['prod/web']],
      ['node:other', ['prod/client']],
    ]);
  });

  it('gives the families and the topology unchanged', () => {
    expect(situation.families).to.deep.equal(['IPv4', 'IPv6']);
    expect(situation.topology).to.equal(topology);
  });
});

describe('requirePinned', () => {
  it('takes pods that have the address of the scenario, however it is written', () => {
    requirePinned({ topology: pinnedTo('10.0.0.9'), endpoints: deployed('10.0.0.9') });
    requirePinned({ topology: pinnedTo('fd00:0::1'), endpoints: deployed('fd00::1') });
    requirePinned({ topology: topologyOf(), endpoints: deployed('10.0.0.9') });
  });

  it('takes one family of a pod that has both', () => {
    requirePinned({ topology: pinnedTo('10.0.0.9'), endpoints: deployed('10.0.0.9', 'fd00::1') });
    requirePinned({ topology: pinnedTo('10.0.0.9', 'fd00::1'), endpoints: deployed('10.0.0.9', 'fd00::1') });
  });

  it('refuses a pod that has another, and says what it takes', () => {
    const act = () => requirePinned({ topology: pinnedTo('10.0.0.9'), endpoints: deployed('10.0.0.1') });
    expect(act).to.throw(PodreachError, 'prod/web has the address 10.0.0.1, not 10.0.0.9');
    expect(act).to.throw().with.property('hint').that.contains('Calico');
  });

  it('names the address of the same family that is wrong', () => {
    const act = () =>
      requirePinned({ topology: pinnedTo('10.0.0.9', 'fd00::1'), endpoints: deployed('10.0.0.9', 'fd00::2') });
    expect(act).to.throw(PodreachError, 'prod/web has the address fd00::2, not fd00::1');
  });
});
