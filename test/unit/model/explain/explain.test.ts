import { expect } from 'chai';
import { explain } from '../../../../src/model/explain/explain.ts';
import { compile } from '../../../../src/model/index.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { cast, explained } from './explain-cast.ts';
import { inputOf, modelOf, probeOf } from './explain-fixture.ts';

describe('explain', () => {
  it('has no sides for a pod to itself', () => {
    const { decision, sides, notApplied } = explained('prod/db > prod/db 5432', { 'prod/deny': 'podSelector: {}' });
    expect({ decision, sides, notApplied }).to.deep.equal({ decision: 'allow', sides: [], notApplied: [] });
  });

  it('refuses an endpoint that is not there', () => {
    expect(() => explained('prod/nope > prod/db 5432', {})).to.throw(RangeError, 'prod/nope');
  });

  it('says whether the destination declares the port, by number and protocol', () => {
    for (const [probe, declared] of [
      ['prod/web > prod/db 5432', true],
      ['prod/web > prod/db 53/UDP', true],
      ['prod/web > prod/db 53', false],
      ['prod/web > prod/db 80', false],
    ] as const)
      expect(explained(probe, {}).declared, probe).to.equal(declared);
  });

  it('reports by which labels a policy selects', () => {
    const { sides } = explained('prod/web > prod/db 5432', {
      'prod/all': '{podSelector: {}}',
      'prod/db': '{podSelector: {matchLabels: {app: db}, matchExpressions: [{key: old, operator: DoesNotExist}]}}',
    });
    expect(sides.map(({ policies }) => policies.length)).to.deep.equal([0, 2]);
    expect(
      sides[1]?.policies.map(({ selectedBy }) => selectedBy.map(({ requirement: { key }, value }) => [key, value])),
    ).to.deep.equal([
      [],
      [
        ['app', 'db'],
        ['old', null],
      ],
    ]);
  });

  const nearLabels: readonly (readonly [
    it: string,
    requirement: string,
    labels: Cast['namespaces'],
    near: string | null,
  ])[] = [
    [
      'the value under another key',
      '{key: environment, operator: In, values: [dev]}',
      { stage: 'dev', size: 'big' },
      'stage',
    ],
    ['a key that is a part', '{key: environment, operator: In, values: [dev]}', { size: 'big', env: 'prod' }, 'env'],
    ['a key without its prefix', '{key: example.com/name, operator: Exists}', { size: 'big', name: 'x' }, 'name'],
    [
      'a key behind a prefix',
      '{key: name, operator: In, values: [dev]}',
      { 'example.com/name': 'prod' },
      'example.com/name',
    ],
    [
      'a key with a slip of the pen',
      '{key: environment, operator: Exists}',
      { enviromen: 'x', enviroment: 'x' },
      'enviroment',
    ],
    [
      'the value rather than the key',
      '{key: environment, operator: In, values: [dev]}',
      { env: 'prod', stage: 'dev' },
      'stage',
    ],
    ['nothing where nothing is like it', '{key: environment, operator: In, values: [dev]}', { size: 'big' }, null],
  ].map(([it, requirement, labels, near]) => [it, requirement, { far: labels }, near]) as never;
  for (const [what, requirement, namespaces, near] of nearLabels)
    it(`finds the label that was meant: ${what}`, () => {
      const specs = {
        'prod/db': `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [${requirement}]}}]}]}`,
      };
      const pods = { ...cast.pods, 'far/pod': {} };
      const model = modelOf(inputOf({ pods, namespaces: namespaces ?? {} }, specs));
      const { sides } = explain(model, probeOf('far/pod > prod/db 5432'));
      const reason = sides[1]?.policies[0]?.rules[0]?.peers?.[0]?.reason;
      expect(reason?.kind === 'namespace-labels' ? (reason.unmet.near?.key ?? null) : 'none').to.equal(near);
    });

  /** What is told of the only peer of the only rule. */
  const peerOf = (from: string, peer: string) => {
    const { sides } = explained(`${from} > prod/db 5432`, {
      'prod/db': `{podSelector: {}, ingress: [{from: [${peer}]}]}`,
    });
    return sides[1]?.policies[0]?.rules[0]?.peers?.[0];
  };

  const peers: readonly (readonly [it: string, from: string, peer: string, reason: object])[] = [
    [
      'a namespace without the label, and the one that was meant',
      'dev/client',
      '{namespaceSelector: {matchLabels: {environment: dev}}}',
      { kind: 'namespace-labels', namespace: 'dev', unmet: { value: null, near: { key: 'env', value: 'dev' } } },
    ],
    [
      'a namespace with another value',
      'prod/web',
      '{namespaceSelector: {matchLabels: {environment: dev}}}',
      { kind: 'namespace-labels', namespace: 'prod', unmet: { value: 'prod', near: null } },
    ],
    [
      'a namespace whose name is not that',
      'dev/client',
      '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}',
      { kind: 'namespace-labels', namespace: 'dev', unmet: { value: 'dev', near: null } },
    ],
    [
      'the namespace before the pod, where both fail',
      'dev/client',
      '{namespaceSelector: {matchLabels: {environment: dev}}, podSelector: {matchLabels: {app: web}}}',
      { kind: 'namespace-labels', namespace: 'dev', unmet: { value: null } },
    ],
    [
      'a pod without the label, in a namespace that fits',
      'dev/client',
      '{namespaceSelector: {matchLabels: {env: dev}}, podSelector: {matchLabels: {app: web}}}',
      {
        kind: 'pod-labels',
        endpoint: 'dev/client',
        unmet: { value: null, near: null, labels: [{ key: 'role', value: 'client' }] },
      },
    ],
    [
      'the first of the requirements that fails',
      'prod/web',
      '{podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}, {key: app, operator: NotIn, values: [web]}]}}',
      {
        kind: 'pod-labels',
        endpoint: 'prod/web',
        unmet: { requirement: { key: 'tier', operator: 'Exists' }, value: null },
      },
    ],
    [
      'a value that is ruled out',
      'prod/web',
      '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}',
      { kind: 'pod-labels', endpoint: 'prod/web', unmet: { requirement: { operator: 'NotIn' }, value: 'web' } },
    ],
    [
      'a peer without namespaceSelector, which means its own namespace',
      'dev/client',
      '{podSelector: {matchLabels: {role: client}}}',
      { kind: 'namespace', endpoint: 'dev/client', namespace: 'dev' },
    ],
    [
      'an address outside a block',
      'dev/client',
      '{ipBlock: {cidr: 10.0.0.0/24}}',
      { kind: 'addresses', endpoint: 'dev/client', addresses: [{ address: '10.0.1.7', within: false, except: null }] },
    ],
    [
      'an address that is excepted',
      'dev/client',
      '{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.2.0/24, 10.0.1.0/28]}}',
      {
        kind: 'addresses',
        endpoint: 'dev/client',
        addresses: [{ address: '10.0.1.7', within: true, except: '10.0.1.0/28' }],
      },
    ],
    [
      'an address that is not known',
      'dev/lost',
      '{ipBlock: {cidr: 10.0.0.0/24}}',
      { kind: 'address-unknown', endpoint: 'dev/lost' },
    ],
    [
      'a family of which it has no address',
      'dev/lost',
      '{ipBlock: {cidr: "fd00::/8"}}',
      { kind: 'family', endpoint: 'dev/lost' },
    ],
    [
      'a pod on the network of its node',
      'dev/node',
      '{namespaceSelector: {}}',
      { kind: 'host-network', endpoint: 'dev/node' },
    ],
  ];
  for (const [what, from, peer, reason] of peers)
    it(`reports ${what}`, () => {
      expect(peerOf(from, peer)?.reason).to.containSubset(reason);
    });

  it('reports that selectors mean no host', () => {
    const { world, policies } = inputOf(cast, {
      'prod/db': '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}',
    });
    const model = compile({ ...world, hosts: [{ name: 'office', addresses: ['192.0.2.1'] }] }, policies);
    const { sides } = explain(model, probeOf('host:office > prod/db 5432'));
    expect(sides[1]?.policies[0]?.rules[0]?.peers?.[0]?.reason).to.deep.equal({
      kind: 'outside',
      endpoint: 'host:office',
    });
  });

  const ports: readonly (readonly [it: string, port: string, reason: object | null])[] = [
    ['the same number', '{port: 5432}', null],
    ['another number', '{port: 80}', { kind: 'number' }],
    ['another number and protocol', '{port: 53, protocol: UDP}', { kind: 'number' }],
    ['another protocol', '{port: 5432, protocol: UDP}', { kind: 'protocol' }],
    ['a range of another protocol', '{port: 5000, endPort: 6000, protocol: SCTP}', { kind: 'protocol' }],
    ['all ports of another protocol', '{protocol: UDP}', { kind: 'protocol' }],
    ['a name that the destination gives to it', '{port: sql}', null],
    [
      'a name of another port',
      '{port: dns, protocol: UDP}',
      { kind: 'resolves', to: [{ number: 53, protocol: 'UDP', name: 'dns' }] },
    ],
    [
      'a name with the wrong protocol',
      '{port: sql, protocol: UDP}',
      { kind: 'resolves', to: [{ number: 5432, protocol: 'TCP', name: 'sql' }] },
    ],
    ['a name that it does not have', '{port: http}', { kind: 'nameless', names: ['sql', 'dns'] }],
  ];
  for (const [what, port, reason] of ports)
    it(`says of a port: ${what}`, () => {
      const { sides } = explained('prod/web > prod/db 5432', {
        'prod/db': `{podSelector: {}, ingress: [{ports: [${port}]}]}`,
      });
      expect(sides[1]?.policies[0]?.rules[0]?.ports?.map((answer) => answer.reason)).to.deep.equal([reason]);
    });

  it('reports what an unknown depends on', () => {
    const block = { 'prod/db': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}' };
    const doubtsOf = (probe: string, specs: Specs) => explained(probe, specs).sides.map(({ hangsOn }) => hangsOn);
    expect(doubtsOf('dev/lost > prod/db 5432', block)).to.deep.equal([
      [],
      [{ kind: 'address-unknown', endpoint: 'dev/lost' }],
    ]);
    expect(doubtsOf('dev/client > prod/db 5432', block)).to.deep.equal([[], []]);
    expect(doubtsOf('dev/node > prod/db 5432', { 'prod/db': '{podSelector: {}}' })).to.deep.equal([
      [],
      [{ kind: 'host-network', endpoint: 'dev/node' }],
    ]);
  });
});
