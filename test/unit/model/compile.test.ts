import { expect } from 'chai';
import { decideSide, isolates } from '../../../src/model/decide.ts';
import { compile, decide, type Model, readPolicies, type World } from '../../../src/model/index.ts';
import { serviceRangesOf } from '../../../src/model/service-ranges.ts';
import { policyIn } from '../../naive/manifest.ts';

const namespaces = [{ name: 'a' }, { name: 'kube-system' }];
const compiled = (more: Partial<World> = {}): Model => compile({ namespaces, pods: [], ...more }, []);

describe('compile', () => {
  const refused: Readonly<Record<string, readonly [world: Partial<World>, says: string]>> = {
    'a pod in no namespace': [{ pods: [{ namespace: 'b', name: 'x' }] }, 'b/x'],
    'a name given twice': [{ pods: [1, 2].map(() => ({ namespace: 'a', name: 'x' })) }, 'a/x'],
    'an address of a pod that is none': [{ pods: [{ namespace: 'a', name: 'x', addresses: ['10.0.0'] }] }, '"10.0.0"'],
    'an address of a host that is none': [{ hosts: [{ name: 'h', addresses: ['h.example'] }] }, '"h.example"'],
    'an address of a node that is none': [
      { nodes: [{ name: 'n', addresses: ['10.0.0.0/8'], pods: [], elsewhere: [] }] },
      'node:n has no IP address "10.0.0.0/8"',
    ],
    'a range of Services that is none': [{ serviceRanges: ['10.96.0.0'] }, '"10.96.0.0"'],
  };
  for (const [what, [world, says]] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(() => compiled(world)).to.throw(RangeError, says);
    });

  it('knows nothing of an endpoint but what it is told', () => {
    const { endpoints } = compiled({
      pods: [{ namespace: 'a', name: 'x' }],
      hosts: [{ name: 'h', addresses: ['fd00::1'] }],
    });
    expect(endpoints.get('a/x')).to.deep.include({
      ...{ name: 'a/x', labels: {}, ports: [], addresses: null, families: ['IPv4'], hostNetwork: false },
      namespace: { name: 'a', labels: { 'kubernetes.io/metadata.name': 'a' } },
    });
    expect(endpoints.get('host:h')).to.deep.include({
      ...{ name: 'host:h', namespace: null, labels: {}, ports: [], families: ['IPv6'], hostNetwork: false },
      addresses: [{ family: 'IPv6', value: (0xfdn << 120n) + 1n }],
    });
  });

  it('knows a node by its name', () => {
    const { nodes } = compiled({ nodes: [{ name: 'n', pods: ['a/x'], elsewhere: ['a/y'] }] });
    const node = nodes.get('node:n');
    expect(node).to.deep.include({ name: 'node:n', namespace: null, addresses: null, families: ['IPv4'] });
    expect(['a/x', 'a/y', 'a/z'].map((pod) => node?.runs?.get(pod))).to.deep.equal([true, false, undefined]);
  });

  it('has the DNS servers of kube-system, or else those of kubeadm', () => {
    const server = (namespace: string) => ({ namespace, name: 'dns', labels: { 'k8s-app': 'kube-dns' } });
    const names = (pods: World['pods']) => compiled({ pods }).dns.servers.map(({ name }) => name);
    expect(names([server('a'), server('kube-system')])).to.deep.equal(['kube-system/dns']);
    expect(names([server('a')])).to.deep.equal(['kube-system/coredns']);
    expect(compiled().dns.servers.map(({ families }) => families)).to.deep.equal([['IPv4']]);
    expect(compiled({ families: ['IPv6'] }).dns.servers.map(({ families }) => families)).to.deep.equal([['IPv6']]);
  });

  it('lets a host of which no address is known reach what nothing isolates', () => {
    const model = compiled({ pods: [{ namespace: 'a', name: 'x' }], hosts: [{ name: 'h', addresses: [] }] });
    expect(decide(model, { from: 'host:h', to: 'a/x', port: 80, protocol: 'TCP' })).to.equal('allow');
    expect(decide(model, { from: 'a/x', to: 'host:h', port: 80, protocol: 'TCP' })).to.equal('allow');
  });
});

describe('the ranges of Services', () => {
  it('are not those in which somebody has one of his addresses', () => {
    const { endpoints } = compiled({
      pods: [{ namespace: 'a', name: 'x', addresses: ['10.96.0.9', 'fd00::9'] }],
      hosts: [{ name: 'h', addresses: ['192.0.2.1'] }],
    });
    expect(serviceRangesOf({}, [...endpoints.values()]).map(({ text }) => text)).to.deep.equal(['fd00:10:96::/112']);
    expect(serviceRangesOf({}, []).map(({ text }) => text)).to.deep.equal(['10.96.0.0/16', 'fd00:10:96::/112']);
    expect(
      serviceRangesOf({ serviceRanges: ['10.96.0.0/12'] }, [...endpoints.values()]).map(({ text }) => text),
    ).to.deep.equal(['10.96.0.0/12']);
  });
});

describe('isolates', () => {
  const { endpoints, nodes } = compiled({
    pods: [
      { namespace: 'a', name: 'x', labels: { app: 'x' } },
      { namespace: 'a', name: 'y', labels: { app: 'y' } },
      { namespace: 'kube-system', name: 'x', labels: { app: 'x' } },
    ],
    hosts: [{ name: 'h', addresses: ['192.0.2.1'] }],
    nodes: [{ name: 'n', pods: [], elsewhere: [] }],
  });
  const [policy] = readPolicies([policyIn('a', { podSelector: { matchLabels: { app: 'x' } } })]);
  const all = new Map([...endpoints, ...nodes]);

  for (const [name, direction, isolated] of [
    ['a/x', 'ingress', true],
    ['a/x', 'egress', false],
    ['a/y', 'ingress', false],
    ['kube-system/x', 'ingress', false],
    ['host:h', 'ingress', false],
    ['node:n', 'ingress', false],
  ] as const)
    it(`${isolated ? '' : 'not '}${name} in ${direction}`, () => {
      const endpoint = all.get(name);
      if (!endpoint || !policy) return expect.fail(name);
      expect(isolates(policy, endpoint, direction)).to.equal(isolated);
    });
});

describe('decideSide', () => {
  it('is never sure of a denial if the node may be that of the pod', () => {
    const [closed] = readPolicies([policyIn('a', { podSelector: {} })]);
    const world = {
      namespaces,
      pods: [{ namespace: 'a', name: 'x' }],
      nodes: [{ name: 'n', pods: [], elsewhere: [] }],
    };
    const model = compile(world, closed ? [closed] : []);
    const [from, to] = [model.nodes.get('node:n'), model.endpoints.get('a/x')];
    if (!from || !to) return expect.fail('no endpoints');
    expect(decideSide(model, { from, to, port: 80, protocol: 'TCP' }, 'ingress')).to.equal('unknown');
  });
});
