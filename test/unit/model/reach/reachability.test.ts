import { expect } from 'chai';
import { compile, reachability, readPolicies } from '../../../../src/model/index.ts';

/** That it is what `decide` says of every connection is proven in ../second-opinion.test.ts. */
describe('reachability', () => {
  it('puts endpoints that no policy distinguishes into one class', () => {
    const pod = (name: string, labels: Record<string, string>) => ({ namespace: 'prod', name, labels });
    const world = {
      namespaces: [{ name: 'prod' }, { name: 'dev' }, { name: 'qa' }],
      pods: [
        pod('web-1', { app: 'web', hash: 'a' }),
        { ...pod('web-2', { app: 'web', hash: 'b' }), ports: [{ number: 80, protocol: 'TCP' as const, name: 'http' }] },
        pod('api', { app: 'api' }),
        pod('db', { app: 'db' }),
        { namespace: 'dev', name: 'web', labels: { app: 'web' } },
        { namespace: 'qa', name: 'web', labels: { app: 'web' } },
      ],
    };
    const policies = readPolicies([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', namespace: 'prod' },
        spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [] },
      },
    ]);
    const { classes } = reachability(compile(world, policies), [{ number: 80, protocol: 'TCP' }]);
    // Of app it is asked only whether it is web, and of ports nothing; dev and qa hold no policy and no one asks for
    // their labels.
    expect(classes.map(({ members }) => members.map(({ name }) => name))).to.deep.equal([
      ['prod/web-1', 'prod/web-2'],
      ['prod/api', 'prod/db'],
      ['dev/web', 'qa/web'],
    ]);
  });

  it('keeps an address apart from the next one if a range ends between them', () => {
    const pod = (name: string, address: string) => ({ namespace: 'a', name, addresses: [address] });
    const world = {
      namespaces: [{ name: 'a' }],
      pods: [pod('below', '10.0.0.3'), pod('first', '10.0.0.4'), pod('last', '10.0.0.7'), pod('above', '10.0.0.8')],
    };
    const policies = readPolicies([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', namespace: 'a' },
        spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.4/30' } }] }] },
      },
    ]);
    const matrix = reachability(compile(world, policies), [{ number: 80, protocol: 'TCP' }]);
    const decisions = ['below', 'first', 'last', 'above'].map((from) =>
      matrix.decideProbe({ from: `a/${from}`, to: from === 'first' ? 'a/last' : 'a/first', port: 80, protocol: 'TCP' }),
    );
    expect(decisions).to.deep.equal(['deny', 'allow', 'allow', 'deny']);
  });

  it('keeps addresses apart by ranges of both families, in whatever order they are written', () => {
    const addresses = ['10.0.0.3', '10.0.0.4', '10.0.0.8', '10.0.0.12', 'fd00::3', 'fd00::4', 'fd00::8', 'fd00::c'];
    const world = {
      namespaces: [{ name: 'a' }],
      pods: addresses.map((address, at) => ({ namespace: 'a', name: `p${at}`, addresses: [address] })),
    };
    const from = ['10.0.0.8/30', '10.0.0.4/30', 'fd00::8/126', 'fd00::4/126'].map((cidr) => ({ ipBlock: { cidr } }));
    const policies = readPolicies([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', namespace: 'a' },
        spec: { podSelector: {}, ingress: [{ from }] },
      },
    ]);
    const matrix = reachability(compile(world, policies), [{ number: 80, protocol: 'TCP' }]);
    const decisions = addresses.map((_, at) =>
      matrix.decideProbe({ from: `a/p${at}`, to: `a/p${at === 1 ? 2 : 1}`, port: 80, protocol: 'TCP' }),
    );
    const ofFamily = ['deny', 'allow', 'allow', 'deny'];
    expect(decisions).to.deep.equal([...ofFamily, ...ofFamily]);
  });

  it('distinguishes a label with an empty value from others', () => {
    const pod = (name: string, tier: string) => ({ namespace: 'a', name, labels: { tier } });
    const world = { namespaces: [{ name: 'a' }], pods: [pod('empty', ''), pod('x', 'x'), pod('y', 'y')] };
    const policies = readPolicies([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', namespace: 'a' },
        spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { tier: '' } } }] }] },
      },
    ]);
    const matrix = reachability(compile(world, policies), [{ number: 80, protocol: 'TCP' }]);
    const decisions = ['empty', 'x'].map((from) =>
      matrix.decideProbe({ from: `a/${from}`, to: 'a/y', port: 80, protocol: 'TCP' }),
    );
    expect(decisions).to.deep.equal(['allow', 'deny']);
  });

  it('has no answer for endpoints and ports that it was not asked for', () => {
    const world = { namespaces: [{ name: 'a' }], pods: [{ namespace: 'a', name: 'x' }] };
    const matrix = reachability(compile(world, []), [{ number: 80, protocol: 'TCP' }]);
    const probe = { from: 'a/x', to: 'a/x', port: 80, protocol: 'TCP' } as const;
    expect(matrix.decideProbe(probe)).to.equal('allow');
    expect(() => matrix.decideProbe({ ...probe, port: 81 })).to.throw(RangeError, '81/TCP');
    expect(() => matrix.decideProbe({ ...probe, protocol: 'UDP' })).to.throw(RangeError, '80/UDP');
    expect(() => matrix.decideProbe({ ...probe, to: 'a/y' })).to.throw(RangeError, 'a/y');
  });
});
