import { expect } from 'chai';
import { type Advice, advise } from '../../../../src/model/explain/advice.ts';
import { reachText } from '../../../../src/report/explain/advice.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const tcp = (...numbers: number[]) => numbers.map((number) => ({ number, protocol: 'TCP' as const }));

const cast: Cast = {
  namespaces: { prod: { environment: 'prod' }, dev: {} },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: tcp(80) },
    'prod/db': { labels: { app: 'db' }, ports: tcp(5432, 9187) },
    'dev/client': { labels: { role: 'client' } },
    'dev/other': { labels: { role: 'other' } },
  },
};

const advice = (probe: string, specs: Specs): Advice => advise(inputOf(cast, specs), probeOf(probe));
const changes = (probe: string, specs: Specs) => advice(probe, specs).changes.map(told);

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

  it('tells at most three, the narrowest first', () => {
    const rules = ['a', 'b', 'c', 'd'].map((team) => `{from: [{namespaceSelector: {matchLabels: {team: ${team}}}}]}`);
    const found = changes('dev/client > prod/db 5432', {
      'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}`,
    });
    expect(found.map(([kind]) => kind)).to.deep.equal(['rule', 'labels', 'labels']);
  });

  it('tells a change for each side where both deny', () => {
    const specs = {
      'dev/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}',
    };
    const { changes: alone, together } = advice('dev/client > prod/db 5432', specs);
    expect(alone).to.deep.equal([]);
    // As long as dev is shut, its label opens nothing else of this world; but it would for every pod of dev.
    expect(together.map(told).map(([kind, where]) => [kind, where])).to.deep.equal([
      ['policy', 'dev'],
      ['rule', 'db'],
    ]);
  });

  it('tells a change for each side too where the only one that opens it alone closes others', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}',
      'prod/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}',
      'prod/api': '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress], egress: [{}]}',
    };
    const { changes: alone, together } = advice('prod/web > prod/db 5432', specs);
    // As app=api it may go everywhere (9187 of db), and nobody may come to it (db and the two of dev, on 80).
    expect(alone.map(told)).to.deep.equal([['labels', 'prod/web', { app: 'api' }, 1, 3]]);
    expect(together.map(told).map(([kind, policy]) => [kind, policy])).to.deep.equal([
      ['rule', 'web'],
      ['rule', 'db'],
    ]);
  });

  it('tells no change for each side where one change opens both, and closes nothing', () => {
    const specs = {
      'dev/closed': '{podSelector: {matchLabels: {role: client}}, policyTypes: [Egress]}',
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [client]}]}}]}]}',
    };
    const { changes: alone, together } = advice('dev/client > prod/db 5432', specs);
    expect(alone.map(({ change, closes }) => [change.kind, closes])).to.deep.equal([['labels', 0]]);
    expect(together).to.deep.equal([]);
  });

  describe('tells what a temporary allow-all would do', () => {
    const closed = { 'prod/deny': '{podSelector: {}}' };
    const silent = { 'dev/deny': '{podSelector: {}, policyTypes: [Egress]}' };
    const allowAll = (specs: Specs) => advice('dev/client > prod/db 5432', specs).allowAll;
    const opens = (direction: string, namespace: string) => ({ direction, namespace, decision: 'allow', blocking: [] });

    it('where one side denies', () => {
      expect(allowAll(closed)).to.deep.equal([opens('ingress', 'prod')]);
      expect(allowAll(silent)).to.deep.equal([opens('egress', 'dev')]);
    });

    it('where both do', () => {
      expect(allowAll({ ...closed, ...silent })).to.deep.equal([
        {
          direction: 'egress',
          namespace: 'dev',
          decision: 'deny',
          blocking: [{ direction: 'ingress', endpoint: 'prod/db' }],
        },
        {
          direction: 'ingress',
          namespace: 'prod',
          decision: 'deny',
          blocking: [{ direction: 'egress', endpoint: 'dev/client' }],
        },
      ]);
    });
  });

  describe('tells for whom a change opens the connection besides', () => {
    /** Kind and reach of each change, narrowest first. */
    const reaches = (probe: string, specs: Specs) =>
      advice(probe, specs).changes.map(({ change, reach }) => [change.kind, ...reach.map(reachText)]);
    const into = (rules: string) => ({ 'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}` });

    it('a port of a rule for everybody, after a policy for the connection alone', () => {
      const specs = {
        'prod/deny': '{podSelector: {}, policyTypes: [Egress]}',
        'prod/dns': '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}',
      };
      expect(reaches('prod/web > prod/db 5432', specs)).to.deep.equal([
        ['policy'],
        ['port', 'from every pod of namespace prod', 'to everywhere, addresses outside the cluster included'],
      ]);
    });

    it('a port of a rule for everybody, though an exception of another rule leaves addresses open to doubt', () => {
      const specs = {
        'prod/web':
          '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.168.77.71/4, except: [192.168.77.72/32]}}]}, {ports: [{port: 53, protocol: UDP}]}]}',
      };
      const { world, policies } = inputOf(cast, specs);
      const pods = world.pods.map((pod) => (pod.name === 'db' ? { ...pod, addresses: ['192.168.77.72'] } : pod));
      const { changes: found } = advise({ world: { ...world, pods }, policies }, probeOf('prod/web > prod/db 5432'));
      expect(found.map(({ change, reach }) => [change.kind, ...reach.map(reachText)])).to.deep.equal([
        ['rule'],
        ['port', 'to everywhere, addresses outside the cluster included'],
      ]);
    });

    it('a port of a rule for every namespace, or for one', () => {
      const rules = [
        '{from: [{namespaceSelector: {}}], ports: [{port: 1}]}',
        '{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}}], ports: [{port: 1}]}',
      ];
      expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
        ['rule'],
        ['port', 'from every pod of namespace dev'],
        ['port', 'from pods of every namespace'],
      ]);
    });

    it('a label of a namespace, for all of its pods; and none of a pod', () => {
      const rules = [
        '{from: [{namespaceSelector: {matchLabels: {team: a}}}]}',
        '{from: [{podSelector: {matchLabels: {t: b}}}]}',
      ];
      expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
        ['rule'],
        ['labels', 'from every pod of namespace dev'],
      ]);
      expect(reaches('prod/web > prod/db 5432', into(rules[1] ?? ''))).to.deep.equal([['rule'], ['labels']]);
    });

    it('a port of a rule for addresses, also where exceptions leave some out', () => {
      const rules = [
        '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}, {ipBlock: {cidr: 11.0.0.0/8}}], ports: [{port: 1}]}',
        '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}, {ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 1}]}',
      ];
      expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
        ['rule'],
        ['port', 'from all of 11.0.0.0/8'],
        ['port', 'from all of 0.0.0.0/0 except 10.0.0.0/8'],
      ]);
    });

    it('names some of the connections of this world that it opens', () => {
      const specs = into('{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}');
      const labels = advice('dev/client > prod/db 5432', specs).changes.find(({ change }) => change.kind === 'labels');
      expect(labels?.opens).to.equal(3);
      expect(labels?.opened).to.have.length(2);
      for (const cell of labels?.opened ?? []) {
        expect(cell).to.not.deep.equal(probeOf('dev/client > prod/db 5432'));
        expect(cell.from).to.match(/^dev\//);
        expect(cell.to).to.equal('prod/db');
      }
    });
  });
});
