import { expect } from 'chai';
import type { ModelInput } from '../../../../src/model/explain/advice-change.ts';
import { inputOf } from '../../model/explain/explain-fixture.ts';
import { cast, linesOf, shop, tcp } from './explanation-cast.ts';

describe('explanationLines', () => {
  it('reports both sides, what does not apply, and what would open it', () => {
    const specs = { 'prod/db': shop, 'prod/x': '{podSelector: {matchLabels: {app: dbb}}}' };
    expect(linesOf('prod/web > prod/db 5432', specs)).to.equal(`prod/web -> prod/db 5432/TCP: deny

egress of prod/web: allowed, no policy selects it for egress
ingress of prod/db: denied
  policies/0.yaml:1 prod/db selects it: app=db
    :4 rule 1, from namespaces team=shop: namespace prod has no label team=shop (it has environment=prod)

Not applied here:
  policies/1.yaml:1 prod/x: podSelector app=dbb selects no pod of prod (nearest: app=db of prod/db)

Any one of these changes would open it:
  add to prod/db, ingress: {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{protocol: TCP, port: 5432}]}
  label namespace prod with team=shop (opens more than was asked: from every pod of namespace prod)

A temporary allow-all for ingress in prod would open it: only policies block it.`);
  });

  it('reports by which rule each side is open, and no more', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}, {from: [{podSelector: {}}], ports: [{port: sql}]}]}',
      'prod/out': '{podSelector: {}, policyTypes: [Egress], egress: [{}]}',
    };
    expect(linesOf('prod/web > prod/db 5432', specs)).to.equal(`prod/web -> prod/db 5432/TCP: allow

egress of prod/web: allowed by prod/out rule 1 (policies/1.yaml:4), to everywhere
ingress of prod/db: allowed by prod/db rule 2 (policies/0.yaml:4), from every pod in prod on sql/TCP`);
  });

  it('reports both sides if both deny, and the two changes that it takes', () => {
    const specs = {
      'dev/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/db': '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}]}]}',
    };
    expect(linesOf('dev/client > prod/db 5432', specs)).to.equal(`dev/client -> prod/db 5432/TCP: deny

egress of dev/client: denied
  policies/0.yaml:1 dev/deny selects every pod of dev
    it has no egress rules, so it lets nothing out
ingress of prod/db: denied
  policies/1.yaml:1 prod/db selects it: app=db
    :4 rule 1, from every pod in prod: selects only pods of prod, and dev/client is in dev

No single change opens it; both of these do:
  add a policy to namespace dev, spec: {podSelector: {matchLabels: {role: client}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}, podSelector: {matchLabels: {app: db}}}], ports: [{protocol: TCP, port: 5432}]}]}
  add to prod/db, ingress: {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}, podSelector: {matchLabels: {role: client}}}], ports: [{protocol: TCP, port: 5432}]}

A temporary allow-all for egress in dev would not open it: ingress of prod/db still blocks it.
A temporary allow-all for ingress in prod would not open it: egress of dev/client still blocks it.`);
  });

  it('says of a pod to itself that nothing blocks it', () => {
    expect(linesOf('prod/db > prod/db 5432', { 'prod/deny': 'podSelector: {}' })).to.equal(
      'prod/db -> prod/db 5432/TCP: allow\n\na pod always reaches itself: no policy blocks that',
    );
  });

  it('doubts that anything listens on a port that is not declared', () => {
    const text = 'prod/db declares no port 80/TCP: does anything listen there?';
    expect(linesOf('prod/web > prod/db 80', {})).to.contain(text);
    const hosts = [{ name: 'office', addresses: ['192.0.2.1'] }];
    expect(linesOf('prod/web > host:office 80', {}, {}, { hosts })).to.not.contain('does anything listen');
    expect(linesOf('prod/web > prod/db 5432', {})).to.not.contain('does anything listen');
  });

  /** The lines about the one rule that lets nothing of the kind through. */
  const ruleLines = (from: string, rule: string, more: Partial<ModelInput['world']> = {}): string[] =>
    linesOf(`${from} > prod/db 5432`, { 'prod/db': `{podSelector: {}, ingress: [${rule}]}` }, {}, more)
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.slice(4));

  const rules: readonly (readonly [from: string, rule: string, lines: readonly string[]])[] = [
    [
      'dev/client',
      '{from: [{namespaceSelector: {matchLabels: {environment: dev}}}]}',
      [':4 rule 1, from namespaces environment=dev: namespace dev has no label environment=dev: it has env=dev'],
    ],
    [
      'prod/web',
      '{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: In, values: [api, db]}]}}]}',
      [':4 rule 1, from pods app in (api, db) in every namespace: prod/web has app=web, not app in (api, db)'],
    ],
    [
      'prod/web',
      '{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}]}',
      [':4 rule 1, from pods app!=web in prod: prod/web has app=web, which app!=web rules out'],
    ],
    [
      'prod/web',
      '{from: [{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]}',
      [':4 rule 1, from pods !app in prod: prod/web has app=web, which !app rules out'],
    ],
    [
      'prod/web',
      '{from: [{podSelector: {matchExpressions: [{key: team, operator: Exists}]}}]}',
      [':4 rule 1, from pods team in prod: prod/web has no label team (it has app=web)'],
    ],
    ['prod/web', '{ports: [{port: 80}]}', [':4 rule 1 matches prod/web, but not this port: 80/TCP is not 5432/TCP']],
    [
      'prod/web',
      '{from: [{podSelector: {}}], ports: [{port: 80}, {port: 8000, endPort: 8010}]}',
      [':4 rule 1 matches prod/web, but not this port: none of 80/TCP, 8000-8010/TCP is 5432/TCP'],
    ],
    [
      'prod/web',
      '{ports: [{port: 5432, protocol: UDP}]}',
      [':4 rule 1 matches prod/web, but not this port: 5432/UDP is not 5432/TCP: the protocol differs'],
    ],
    [
      'prod/web',
      '{ports: [{port: http}, {port: sql, protocol: UDP}]}',
      [
        ':4 rule 1 matches prod/web, but not this port: prod/db has no port named http (its named ports are sql); port sql/UDP is 5432/TCP on prod/db, not 5432/TCP',
      ],
    ],
    [
      'dev/client',
      '{from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {env: qa}}}], ports: [{protocol: UDP}]}',
      [
        ':4 rule 1',
        '  :6 from every pod in prod: selects only pods of prod, and dev/client is in dev',
        '  :6 from namespaces env=qa: namespace dev has env=dev, not env=qa',
        '  every UDP port is not 5432/TCP: the protocol differs',
      ],
    ],
    [
      'dev/client',
      '{from: [{podSelector: {}}], ports: [{port: 80}]}',
      [
        ':4 rule 1, from every pod in prod: selects only pods of prod, and dev/client is in dev; and 80/TCP is not 5432/TCP',
      ],
    ],
    [
      'host:office',
      '{from: [{namespaceSelector: {}}]}',
      [':4 rule 1, from every namespace: host:office is outside the cluster, and selectors select only pods'],
    ],
    ['host:office', '{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}', [':4 rule 1, from 10.0.0.0/8: 192.0.2.1 is not in it']],
    [
      'host:office',
      '{from: [{ipBlock: {cidr: 192.0.0.0/8, except: [192.0.2.0/24]}}]}',
      [':4 rule 1, from 192.0.0.0/8 except 192.0.2.0/24: 192.0.2.1 falls under except 192.0.2.0/24'],
    ],
    [
      'host:office',
      '{from: [{ipBlock: {cidr: "fd00::/8"}}]}',
      [':4 rule 1, from fd00::/8: host:office has no IPv6 address'],
    ],
  ];
  const hosts = [{ name: 'office', addresses: ['192.0.2.1'] }];
  for (const [from, rule, lines] of rules)
    it(`says why ${rule} does not let ${from} in`, () => {
      expect(ruleLines(from, rule, { hosts })).to.deep.equal(lines);
    });

  it('reports what an unknown depends on', () => {
    const block =
      '{podSelector: {}, ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}]}, {from: [{podSelector: {}}]}]}';
    expect(linesOf('dev/client > prod/db 5432', { 'prod/db': block })).to.equal(`dev/client -> prod/db 5432/TCP: unknown

egress of dev/client: allowed, no policy selects it for egress
ingress of prod/db: unknown
  it depends on the address of dev/client, which is not known: set \`address:\` in the scenario
  policies/0.yaml:1 prod/db selects every pod of prod
    :4 rule 1, from 10.0.0.0/8: the address of dev/client is not known
  … and 1 rule more`);
    expect(linesOf('dev/node > prod/db 5432', { 'prod/db': 'podSelector: {}' })).to.contain(
      "  dev/node shares its node's network: the specification leaves undefined what policies do to it\n",
    );
  });

  it('reports rules that let a peer in together, one for each of its addresses', () => {
    const both = [{ name: 'office', addresses: ['192.0.2.1', 'fd00::1'] }];
    const specs = {
      'prod/v4': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}',
      'prod/v6': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8"}}]}]}',
    };
    const together = linesOf('host:office > prod/db 5432', specs, {}, { hosts: both });
    expect(together).to.contain(
      'ingress of prod/db: allowed by prod/v4 rule 1 (policies/0.yaml:4), from 192.0.2.0/24; and by prod/v6 rule 1 (policies/1.yaml:4), from fd00::/8',
    );
    const alone = linesOf('host:office > prod/db 5432', { 'prod/v4': specs['prod/v4'] }, {}, { hosts: both });
    expect(alone).to.contain('  it depends on which of its addresses host:office uses\n');
    expect(alone).to.contain(':4 rule 1, from 192.0.2.0/24: 192.0.2.1 is in it, fd00::1 is not in it');
  });

  it('reports that a node has no named ports', () => {
    const pods = [
      ...inputOf(cast, {}).world.pods,
      { namespace: 'prod', name: 'agent', hostNetwork: true, ports: [tcp(9100, 'metrics')] },
    ];
    const specs = { 'prod/out': '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: metrics}]}]}' };
    expect(linesOf('prod/web > prod/agent 9100', specs, {}, { pods })).to.contain(
      '    :4 rule 1 names a port, but a node has no named ports',
    );
  });

  it('lists the five rules that come nearest, and counts the others', () => {
    const far = Array.from(
      { length: 19 },
      (_, index) => `{from: [{namespaceSelector: {matchLabels: {team: t${index}}}}]}`,
    );
    const near = '{from: [{podSelector: {}}], ports: [{port: 80}]}';
    const text = linesOf('prod/web > prod/db 5432', { 'prod/db': `{podSelector: {}, ingress: [${[...far, near]}]}` });
    expect(text.match(/rule \d+/g)).to.deep.equal(['rule 1', 'rule 2', 'rule 3', 'rule 4', 'rule 20']);
    expect(text).to.contain('\n  … and 15 rules more\n');
  });

  it('lists five policies that do not apply, and counts the others', () => {
    const specs = Object.fromEntries(
      Array.from({ length: 7 }, (_, index) => [`prod/x${index}`, `{podSelector: {matchLabels: {app: x${index}}}}`]),
    );
    const text = linesOf('prod/web > prod/db 5432', specs);
    expect(text.match(/selects no pod of prod/g)).to.have.lengthOf(5);
    expect(text).to.contain('\n  … and 2 more');
  });

  it('says why policies do not apply', () => {
    const specs = {
      'prod/idle': '{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], ingress: [{}]}',
      'dev/away': '{podSelector: {matchLabels: {app: db}}}',
      'prod/other': '{podSelector: {matchLabels: {app: web}}}',
      'dev/in': '{podSelector: {matchLabels: {role: client}}, policyTypes: [Ingress]}',
    };
    expect(linesOf('dev/client > prod/db 5432', specs)).to.contain(`Not applied here:
  policies/0.yaml:1 prod/idle: policyTypes does not include Ingress, so its ingress rules have no effect
  policies/1.yaml:1 dev/away: it is in namespace dev, and prod/db is in prod
  policies/3.yaml:1 dev/in: it selects dev/client, but only for ingress
  policies/2.yaml:1 prod/other: prod/db has app=db, not app=web`);
  });
});
