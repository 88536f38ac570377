import { expect } from 'chai';
import { allowAllIn, applyChange, type Change, touches } from '../../../../src/model/explain/advice-change.ts';
import { around, withServers } from '../../../../src/model/explain/advice-parts.ts';
import { compile, DEFAULT_DNS, type NetworkPolicy, type World } from '../../../../src/model/index.ts';
import { inputOf } from './explain-fixture.ts';

const input = inputOf(
  {
    namespaces: { prod: { env: 'prod' }, dev: { env: 'dev' } },
    pods: { 'prod/web': { labels: { app: 'web' } }, 'prod/dev': {}, 'dev/web': {} },
  },
  {
    'prod/p': '{podSelector: {}, ingress: [{ports: [{port: 1}]}, {ports: [{port: 2}]}]}',
    'prod/q': '{podSelector: {}, ingress: [{ports: [{port: 1}]}]}',
    'dev/p': '{podSelector: {}, ingress: [{ports: [{port: 1}]}]}',
  },
);
const [policy] = input.policies as readonly [NetworkPolicy];
const labels = (of: 'namespace' | 'pod', name: string, own: Record<string, string | null>): Change => ({
  ...{ kind: 'labels', of, name, labels: own },
  was: {},
});
const labelsOf = ({ namespaces, pods }: World) =>
  Object.fromEntries([
    ...namespaces.map(({ name, labels: own }) => [name, own ?? {}]),
    ...pods.map(({ namespace, name, labels: own }) => [`${namespace}/${name}`, own ?? {}]),
  ]);
const before = labelsOf(input.world);

describe('a change', () => {
  it('of labels is of one namespace, or one pod', () => {
    expect(labelsOf(applyChange(input, labels('namespace', 'dev', { team: 'shop' })).world)).to.deep.equal({
      ...before,
      dev: { env: 'dev', team: 'shop' },
    });
    expect(labelsOf(applyChange(input, labels('pod', 'prod/web', { app: null, tier: 'x' })).world)).to.deep.equal({
      ...before,
      'prod/web': { tier: 'x' },
    });
    expect(applyChange(input, labels('pod', 'prod/web', {})).policies).to.equal(input.policies);
  });

  it('of labels is of the DNS servers as well', () => {
    const world = { ...input.world, dns: DEFAULT_DNS };
    const { dns } = applyChange({ ...input, world }, labels('namespace', 'kube-system', { name: 'dns' })).world;
    expect([dns?.namespace.labels, dns?.pods[0]?.labels]).to.deep.equal([{ name: 'dns' }, { 'k8s-app': 'kube-dns' }]);
    const { dns: pods } = applyChange({ ...input, world }, labels('pod', 'kube-system/coredns', { a: 'b' })).world;
    expect([pods?.namespace.labels, pods?.pods[0]?.labels]).to.deep.equal([
      undefined,
      { 'k8s-app': 'kube-dns', a: 'b' },
    ]);
  });

  it('of a policy is of one rule, or adds one, and leaves other policies as they are', () => {
    const port = { number: 80, protocol: 'TCP' } as const;
    const widened = applyChange(input, { kind: 'port', policy, direction: 'ingress', number: 2, port }).policies;
    const numbers = (of: readonly NetworkPolicy[]) =>
      of.map(({ ingress }) =>
        ingress?.map(({ ports }) => ports?.map((own) => ('first' in own ? [own.first, own.last] : own.name))),
      );
    expect(numbers(widened)).to.deep.equal([
      [
        [[1, 1]],
        [
          [2, 2],
          [80, 80],
        ],
      ],
      [[[1, 1]]],
      [[[1, 1]]],
    ]);
    const longer = applyChange(input, { kind: 'rule', policy, direction: 'ingress', rule: { ports: [{ port: 80 }] } });
    expect(numbers(longer.policies)).to.deep.equal([[[[1, 1]], [[2, 2]], [[80, 80]]], [[[1, 1]]], [[[1, 1]]]]);
    const outward = applyChange(input, { kind: 'rule', policy, direction: 'egress', rule: {} }).policies;
    expect(outward.map(({ egress }) => egress?.length ?? null)).to.deep.equal([1, null, null]);
  });

  it('may be a policy more, that isolates in one direction', () => {
    for (const direction of ['ingress', 'egress'] as const) {
      const added = applyChange(input, allowAllIn('dev', direction)).policies.at(-1);
      const rule = { path: ['spec', direction, 0], peers: null, ports: null };
      expect(added).to.deep.include({ namespace: 'dev', ingress: null, egress: null, [direction]: [rule] });
    }
  });

  it('can hold no label that Kubernetes refuses', () => {
    const peer = { podSelector: { matchLabels: { 'a b': 'c', d: '-' } } };
    expect(() => applyChange(input, { kind: 'rule', policy, direction: 'ingress', rule: { from: [peer] } })).to.throw(
      RangeError,
      /^this world has names or labels that Kubernetes refuses: "a b" is not a label key: .+; "-" is no/,
    );
  });

  it('touches the ends that it is about', () => {
    const model = compile({ ...input.world, hosts: [{ name: 'dev', addresses: ['192.0.2.1'] }] }, []);
    const touched = (change: Change) =>
      [...model.endpoints.values()].filter((endpoint) => touches(change, endpoint)).map(({ name }) => name);
    expect(touched(labels('namespace', 'prod', {}))).to.deep.equal(['prod/web', 'prod/dev']);
    expect(touched(labels('pod', 'prod/web', {}))).to.deep.equal(['prod/web']);
    expect(touched(allowAllIn('dev', 'ingress'))).to.deep.equal(['dev/web']);
    expect(touched({ kind: 'rule', policy, direction: 'ingress', rule: {} })).to.deep.equal(['prod/web', 'prod/dev']);
  });
});

describe('the DNS servers of a world that is changed', () => {
  const server = { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' } };
  const names = ({ namespaces, pods }: World) => [
    namespaces.map(({ name }) => name),
    pods.map(({ namespace, name }) => `${namespace}/${name}`),
  ];
  const own = ['prod/web', 'prod/dev', 'dev/web'];

  it('are those of kubeadm, among its pods', () => {
    expect(names(withServers(input).world)).to.deep.equal([
      ['prod', 'dev', 'kube-system'],
      [...own, 'kube-system/coredns'],
    ]);
    expect(withServers(input).world.dns).to.equal(DEFAULT_DNS);
  });

  it('are those that are written', () => {
    const world = {
      ...input.world,
      namespaces: [...input.world.namespaces, { name: 'kube-system' }],
      pods: [...input.world.pods, server],
    };
    expect(withServers({ ...input, world }).world).to.equal(world);
    // Neither of these is one.
    for (const other of [
      { ...server, labels: {} },
      { ...server, namespace: 'prod' },
    ])
      expect(
        names(withServers({ ...input, world: { ...world, pods: [...input.world.pods, other] } }).world),
      ).to.deep.equal([
        ['prod', 'dev', 'kube-system'],
        [...own, `${other.namespace}/dns`, 'kube-system/coredns'],
      ]);
  });

  it('are those that the world tells, each once', () => {
    const dns = { namespace: { name: 'prod' }, pods: [{ name: 'web' }, { name: 'dns' }] };
    expect(names(withServers({ ...input, world: { ...input.world, dns } }).world)).to.deep.equal([
      ['prod', 'dev'],
      [...own, 'prod/dns'],
    ]);
  });

  it('leave out, if something is tried, whom it does not concern', () => {
    const model = compile(input.world, []);
    const [from, to] = ['prod/web', 'dev/web'].map((name) => model.endpoints.get(name));
    if (!from || !to) return expect.fail('no pods');
    const parts = new Map([['one', { from, to, port: 80, protocol: 'TCP' as const }]]);
    expect(around(input, parts).world.pods.map(({ namespace, name }) => `${namespace}/${name}`)).to.deep.equal([
      'prod/web',
      'dev/web',
    ]);
  });
});
