import { expect } from 'chai';
import { endName } from '../../../src/model/index.ts';
import {
  endsOf,
  isPod,
  portText,
  probeKey,
  probesOf,
  sourcesOf,
  type Topology,
  topologyKey,
} from '../../../src/scenario/index.ts';
import { PATHS, topologyIn } from './paths-fixture.ts';

describe('the ends of a topology', () => {
  let topology: Topology;
  before(async () => {
    topology = await topologyIn(PATHS);
  });

  const ends = () => endsOf(topology).map(({ endpoint, ports }) => `${endpoint} ${ports.map(portText).join()}`);
  const probes = () => probesOf(topology).map(probeKey);
  const reached = (from: string) =>
    probesOf(topology).flatMap((probe) => (probe.from === from ? `${probe.to} ${probe.port}` : []));

  it('are pods, nodes, hosts and every way to a Service', () => {
    expect(ends()).to.deep.equal([
      'prod/web 8080/TCP',
      'prod/agent 9100/TCP',
      'node:own 9200/TCP',
      'host:office 443/TCP',
      'svc:prod/web 80/TCP',
      'dns:prod/web 80/TCP',
      'nodeport:prod/web 80/TCP',
    ]);
    expect(endsOf(topology).map(isPod)).to.deep.equal([true, true, ...Array(5).fill(false)]);
  });

  it('have a kind, and are named as ends of that kind are', () => {
    const all = [...endsOf(topology), ...sourcesOf(topology)];
    expect([...new Set(all.map(({ kind }) => kind))]).to.deep.equal(['pod', 'node', 'host', 'service', 'kubelet']);
    for (const end of all) expect(endName(end)).to.equal(end.endpoint);
  });

  it('have only those ways to a Service that it has', async () => {
    const waysOf = async (service: string) => {
      const yaml = PATHS.replace(/services: .*/, `services: {prod/web: ${service}}`);
      return endsOf(await topologyIn(yaml)).flatMap((end) => ('way' in end ? end.endpoint : []));
    };
    expect(await waysOf('{port: 80, targetPort: 8080}')).to.deep.equal(['svc:prod/web']);
    expect(await waysOf('{port: 8080, clusterIP: None}')).to.deep.equal(['dns:prod/web']);
    expect(await waysOf('{port: 80, targetPort: 8080, type: NodePort}')).to.deep.equal([
      'svc:prod/web',
      'nodeport:prod/web',
    ]);
  });

  it('have an address outside the cluster as load balancers, probed from pods alone', async () => {
    const all = await topologyIn(PATHS.replace('type: NodePort', 'type: LoadBalancer'));
    expect(endsOf(all).flatMap((end) => ('way' in end ? end.endpoint : []))).to.deep.equal([
      'svc:prod/web',
      'dns:prod/web',
      'nodeport:prod/web',
      'external:prod/web',
    ]);
    const from = probesOf(all).flatMap((probe) => (probe.to === 'external:prod/web' ? probe.from : []));
    expect(from).to.deep.equal(['prod/web', 'prod/agent']);
  });

  it('are sources, except for Services, and the kubelet is one if it probes a pod', async () => {
    const named = (any: Topology) => sourcesOf(any).map(({ endpoint }) => endpoint);
    expect(named(topology)).to.deep.equal(['prod/web', 'prod/agent', 'node:own', 'host:office', 'kubelet']);
    expect(named(await topologyIn(PATHS.replace(', readiness: 8080', '')))).not.to.include('kubelet');
  });

  it('are all probed from a pod', () => {
    expect(reached('prod/web')).to.have.length(7);
  });

  it('are probed from a hostNetwork pod, except for hosts, whose tunnel its traffic would not take', () => {
    expect(reached('prod/agent')).to.deep.equal([
      'prod/web 8080',
      'prod/agent 9100',
      'node:own 9200',
      'svc:prod/web 80',
      'dns:prod/web 80',
      'nodeport:prod/web 80',
    ]);
  });

  it('are probed from a node if a pod has a part in it', () => {
    expect(reached('node:own')).to.deep.equal(['prod/web 8080', 'prod/agent 9100', 'svc:prod/web 80']);
  });

  it('are probed from outside if they can be reached from there', () => {
    expect(reached('host:office')).to.deep.equal(['prod/web 8080', 'nodeport:prod/web 80']);
  });

  it('are probed by the kubelet on the port that it asks, and nowhere else', async () => {
    expect(reached('kubelet')).to.deep.equal(['prod/web 8080']);
    const yaml = PATHS.replace('ports: [8080], readiness: 8080', 'ports: [8080, 81/UDP, 81], readiness: 81');
    const other = probesOf(await topologyIn(yaml)).filter(({ from }) => from === 'kubelet');
    expect(other.map(probeKey)).to.deep.equal(['kubelet > prod/web 81/TCP']);
  });

  it('are each probed once', () => {
    expect(new Set(probes()).size).to.equal(probes().length);
  });
});

describe('probeKey', () => {
  const probe = { from: 'a/b', to: 'svc:c/d', port: 80, protocol: 'TCP' } as const;

  it('distinguishes families, if there are two', () => {
    expect(probeKey(probe)).to.equal('a/b > svc:c/d 80/TCP');
    expect(probeKey({ ...probe, family: 'IPv6' })).to.equal('a/b > svc:c/d 80/TCP IPv6');
  });
});

describe('topologyKey', () => {
  it('is another for another Service, node, readiness or network', async () => {
    const changes: readonly (readonly [string, string])[] = [
      ['', ''],
      ['port: 80, ', 'port: 81, '],
      [', type: NodePort', ''],
      ['with: prod/web', 'without: prod/web'],
      [', readiness: 8080', ''],
      ['hostNetwork: true, ', ''],
      ['172.17.5.10', '172.17.5.11'],
    ];
    const keys = await Promise.all(
      changes.map(async ([from, to]) => topologyKey(await topologyIn(PATHS.replace(from, to)))),
    );
    expect(new Set(keys).size).to.equal(changes.length);
  });
});
