import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import type { Specs } from '../lint/fixture.ts';
import { advice, cast, changes, tcp } from './advice-cast.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const fromClient = (namespace: boolean) => ({
  ...(namespace && { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev' } } }),
  podSelector: { matchLabels: { role: 'client' } },
});

describe('advise', () => {
  it('has nothing to say of what is open, or open to doubt', () => {
    const none = { changes: [], together: [], allowAll: [] };
    expect(advice('dev/client > prod/db 5432', {})).to.deep.equal(none);
    expect(advice('prod/db > prod/db 5432', { 'prod/deny': 'podSelector: {}' })).to.deep.equal(none);
    const block = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}';
    expect(advice('dev/client > prod/db 5432', { 'prod/block': block })).to.deep.equal(none);
  });

  it('refuses an endpoint that is not there', () => {
    expect(() => advice('dev/nope > prod/db 5432', {})).to.throw(RangeError, 'dev/nope');
  });

  it('labels the namespace of the peer, and counts what that opens besides', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}',
    };
    // dev/client to 9187, dev/other to 5432 and 9187.
    expect(changes('dev/client > prod/db 5432', specs)).to.deep.include(['labels', 'dev', { team: 'shop' }, 3, 0]);
  });

  it('labels the pod, with all labels that it lacks', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {tier: front}, matchExpressions: [{key: team, operator: Exists}]}}], ports: [{port: 5432}]}]}',
    };
    expect(changes('prod/web > prod/db 5432', specs)).to.deep.include([
      'labels',
      'prod/web',
      { tier: 'front', team: 'true' },
      0,
      0,
    ]);
  });

  it('takes labels off that are in the way', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}], ports: [{port: 5432}]}]}',
    };
    expect(changes('prod/web > prod/db 5432', specs)).to.deep.include(['labels', 'prod/web', { app: null }, 0, 0]);
  });

  it('counts what a label closes', () => {
    // With role=client dev/other may reach db, and is cut off from everything else.
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}], ports: [{port: 5432}]}]}',
      'dev/client':
        '{podSelector: {matchLabels: {role: client}}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]}',
    };
    expect(changes('dev/other > prod/db 5432', specs)).to.deep.include([
      'labels',
      'dev/other',
      { role: 'client' },
      0,
      1,
    ]);
  });

  it("never sets the label that is Kubernetes' own", () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}]}',
    };
    expect(changes('dev/client > prod/db 5432', specs).map(([kind]) => kind)).to.deep.equal(['rule']);
  });

  it('adds the port to a rule whose peers fit', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 1}]}, {from: [{namespaceSelector: {}}], ports: [{port: 9187}]}]}',
    };
    const all = changes('dev/client > prod/db 5432', specs);
    const port = { number: 5432, protocol: 'TCP' };
    // dev/other and prod/web come with it.
    expect(all).to.deep.include(['port', 'db', 'ingress', 1, port, 2, 0]);
    expect(all).to.deep.include(['port', 'db', 'ingress', 2, port, 2, 0]);
  });

  it('adds a rule for the connection alone, which comes first', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}',
    };
    expect(changes('dev/client > prod/db 5432', specs)[0]).to.deep.equal([
      'rule',
      'db',
      'ingress',
      { from: [fromClient(true)], ports: [{ protocol: 'TCP', port: 5432 }] },
      0,
      0,
    ]);
  });

  it('adds a policy beside one that is for every pod', () => {
    expect(changes('dev/client > prod/db 5432', { 'prod/deny': '{podSelector: {}}' })).to.deep.equal([
      [
        'policy',
        'prod',
        {
          podSelector: { matchLabels: { app: 'db' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [fromClient(true)], ports: [{ protocol: 'TCP', port: 5432 }] }],
        },
        0,
        0,
      ],
    ]);
    expect(
      changes('dev/other > dev/client 80', { 'dev/deny': '{podSelector: {}, policyTypes: [Egress]}' }),
    ).to.deep.equal([
      [
        'policy',
        'dev',
        {
          podSelector: { matchLabels: { role: 'other' } },
          policyTypes: ['Egress'],
          egress: [{ to: [fromClient(false)], ports: [{ protocol: 'TCP', port: 80 }] }],
        },
        0,
        0,
      ],
    ]);
  });

  describe('among replicas', () => {
    const replica = { labels: { app: 'web', 'pod-template-hash': '5d8f' }, ports: tcp(80) };
    const pods = {
      'prod/web-1': replica,
      'prod/web-2': replica,
      'prod/web-3': { ...replica, ports: tcp(80, 443) },
      'prod/api': { labels: { app: 'api', tier: 'back' } },
      'dev/api': { labels: { app: 'api', tier: 'back' } },
    };
    const found = (probe: string, specs: Specs) => advise(inputOf({ pods }, specs), probeOf(probe)).changes.map(told);

    it('selects by the labels that they share, and leaves out those made up for a rollout', () => {
      expect(
        found('prod/api > prod/web-1 80', { 'prod/web': '{podSelector: {matchLabels: {app: web}}}' }),
      ).to.deep.equal([
        [
          'rule',
          'web',
          'ingress',
          // The first label that no other pod of its namespace has; those of other namespaces do not count.
          { from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ protocol: 'TCP', port: 80 }] },
          // web-2 and web-3 on 80.
          2,
          0,
        ],
      ]);
      const [toApi] = found('prod/web-1 > prod/api 80', { 'prod/api': '{podSelector: {matchLabels: {app: api}}}' });
      expect(toApi?.[3]).to.deep.equal({
        from: [{ podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ protocol: 'TCP', port: 80 }],
      });
    });

    it('counts connections between them, each in both directions, and none to itself', () => {
      // 2 others to web-1; and 2 to each of web-2 and web-3 (on 80 only, the port of the rule).
      expect(
        found('prod/web-1 > prod/web-2 80', { 'prod/web': '{podSelector: {matchLabels: {app: web}}}' }),
      ).to.containSubset([['rule', 'web', 'ingress', { ports: [{ protocol: 'TCP', port: 80 }] }, 5, 0]]);
    });
  });

  it('lets a host in by its address', () => {
    const { world, policies } = inputOf(cast, { 'prod/db': '{podSelector: {matchLabels: {app: db}}}' });
    const hosts = [{ name: 'office', addresses: ['192.0.2.1', 'fd00::1'] }];
    const found = advise({ world: { ...world, hosts }, policies }, probeOf('host:office > prod/db 5432'));
    expect(found.changes.map(told)).to.deep.equal([
      [
        'rule',
        'db',
        'ingress',
        {
          from: [{ ipBlock: { cidr: '192.0.2.1/32' } }, { ipBlock: { cidr: 'fd00::1/128' } }],
          ports: [{ protocol: 'TCP', port: 5432 }],
        },
        0,
        0,
      ],
    ]);
  });

  it('reports at most three, the narrowest first', () => {
    const rules = ['a', 'b', 'c', 'd'].map((team) => `{from: [{namespaceSelector: {matchLabels: {team: ${team}}}}]}`);
    const found = changes('dev/client > prod/db 5432', {
      'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}`,
    });
    expect(found.map(([kind]) => kind)).to.deep.equal(['rule', 'labels', 'labels']);
  });
});
