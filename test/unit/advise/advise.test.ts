import { expect } from 'chai';
import { type Advised, adviseFor, type Wanted, wantedFromSeen, wantedOf } from '../../../src/advise/index.ts';
import type { Cell } from '../../../src/matrix/index.ts';
import type { Step } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const stepOf = async (text: string): Promise<Step> => {
  const [scenario] = await load({ 'scenario.yaml': `${text}\npolicies: []\n` });
  return scenario?.steps[0] as Step;
};

const advised = async (text: string, options = {}): Promise<Advised> =>
  adviseFor(wantedOf(await stepOf(text)) as Wanted, options);

const names = ({ policies }: Advised): readonly string[] =>
  policies.map(({ namespace, name }) => `${namespace}/${name}`);

/** The spec of a policy, as any. */
const specOf = ({ policies }: Advised, wanted: string) =>
  policies.find(({ namespace, name }) => `${namespace}/${name}` === wanted)?.spec as {
    readonly podSelector: object;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly object[]; readonly ports: readonly object[] }[];
    readonly egress?: readonly { readonly to?: readonly object[]; readonly ports: readonly object[] }[];
  };

const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
const app = (name: string) => ({ matchLabels: { app: name } });
const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

const SHOP = `namespaces:
  shop:
    pods:
      web: {labels: {app: web}, ports: [80]}
      api: {labels: {app: api}, ports: [8080, 9090]}
      db: {labels: {app: db}, ports: [5432]}
  monitoring: {pods: {prometheus: {labels: {app: prometheus}}}}
`;

describe('adviseFor', () => {
  it('closes each namespace, and opens to each application what it needs', async () => {
    const all = await advised(`${SHOP}expect:
  default: deny
  rules:
    - allow: {from: shop/web, to: shop/api, port: 8080}
    - allow: {from: shop/api, to: shop/db}
    - allow: {from: monitoring/*, to: shop/api, port: 9090}
`);
    expect(all.unmet).to.deep.equal([]);
    // Prometheus is reached by nobody, because it has no ports.
    expect(names(all)).to.deep.equal([
      'shop/default-deny',
      ...['shop/web', 'shop/api', 'shop/db'],
      ...['monitoring/default-deny', 'monitoring/prometheus'],
    ]);
    expect(specOf(all, 'shop/default-deny')).to.deep.equal({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(specOf(all, 'monitoring/default-deny').policyTypes).to.deep.equal(['Egress']);
    expect(specOf(all, 'shop/api')).to.deep.include({
      podSelector: app('api'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: app('web') }], ports: tcp(8080) },
        { from: [{ ...inNamespace('monitoring'), podSelector: app('prometheus') }], ports: tcp(9090) },
      ],
    });
    // What connects to something looks it up; the database does not.
    const dns = {
      to: [{ ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    };
    expect(specOf(all, 'shop/api').egress).to.deep.equal([{ to: [{ podSelector: app('db') }], ports: tcp(5432) }, dns]);
    expect(specOf(all, 'shop/db')).to.deep.equal({
      podSelector: app('db'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: app('api') }], ports: tcp(5432) }],
    });
  });

  it('closes only directions that need it, and only those that may be closed', async () => {
    const toDb = 'expect: {default: allow, rules: [{deny: {from: monitoring/*, to: shop/db}}]}';
    const needed = await advised(`${SHOP}${toDb}`);
    expect(specOf(needed, 'shop/default-deny').policyTypes).to.deep.equal(['Ingress']);
    const ingress = await advised(`${SHOP}${toDb}`, { directions: ['ingress'] });
    expect(names(ingress)).to.deep.equal(['shop/default-deny', 'shop/web', 'shop/api', 'shop/db']);
    expect(ingress.unmet).to.deep.equal([]);

    const office = 'hosts: {office: {address: 172.17.5.10, ports: [443]}}\n';
    const out = await advised(`${SHOP}${office}expect: {default: allow, rules: [{deny: {to: host:office}}]}`, {
      directions: ['ingress'],
    });
    expect(out.policies).to.deep.equal([]);
    expect(out.unmet.map(({ cell, why }) => `${cell.from} ${why.kind}`)).to.include('shop/web direction');
    expect(out.unmet).to.have.length(4);
  });

  it('merges peers that share ports, or ports that share peers, and three of a namespace into the namespace', async () => {
    const pods = ['a', 'b', 'c'].map((name) => `${name}: {labels: {app: ${name}}}`).join(', ');
    const all = await advised(`namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80, 443, 53/UDP]}, log: {labels: {app: log}, ports: [514]}}}
  dev: {pods: {${pods}}}
  other: {pods: {x: {labels: {app: x}}, y: {labels: {app: y}}}}
expect:
  default: deny
  rules:
    - allow: {from: dev/*, to: prod/web}
    - allow: {from: other/*, to: prod/web, port: 80}
`);
    const ports = [...tcp(80, 443), { protocol: 'UDP', port: 53 }];
    expect(specOf(all, 'prod/web').ingress).to.deep.equal([
      { from: [inNamespace('dev')], ports },
      { from: ['x', 'y'].map((name) => ({ ...inNamespace('other'), podSelector: app(name) })), ports: tcp(80) },
    ]);
    expect(all.unmet).to.deep.equal([]);
  });

  it('does not take a namespace for its applications if one of them has pods that may not reach each other', async () => {
    const pod = (name: string, own = name) => `${name}: {labels: {app: ${own}}, ports: [80]}`;
    const all = await advised(`namespaces:
  prod: {pods: {${['a', 'b', 'c'].map((name) => pod(name)).join(', ')}, ${pod('x-1', 'x')}, ${pod('x-2', 'x')}}}
expect: {default: allow, rules: [{deny: {from: prod/x-*, to: prod/x-*}}]}
`);
    expect(all.unmet).to.deep.equal([]);
    expect(specOf(all, 'prod/x').ingress?.[0]?.from).to.have.length(3);
    expect(specOf(all, 'prod/a').ingress).to.deep.equal([{ from: [{ podSelector: {} }], ports: tcp(80) }]);
  });

  it('selects by labels that last, and by as few as tell pods apart', async () => {
    const hash = 'pod-template-hash: abc, helm.sh/chart: web-1.2.3';
    const all = await advised(`namespaces:
  prod:
    pods:
      web-1: {labels: {${hash}, app: web, tier: front, app.kubernetes.io/name: web}, ports: [80]}
      web-2: {labels: {${hash}x, app: web, tier: front, app.kubernetes.io/name: web}, ports: [80]}
      bare: {labels: {tier: front}, ports: [80]}
      none: {ports: [80]}
expect: {default: deny, rules: [{allow: {from: [prod/bare, prod/none], to: prod/web-*}}]}
`);
    expect(all.unmet).to.deep.equal([]);
    expect(specOf(all, 'prod/web').podSelector).to.deep.equal({ matchLabels: { 'app.kubernetes.io/name': 'web' } });
    expect(specOf(all, 'prod/bare').podSelector).to.deep.equal({
      matchLabels: { tier: 'front' },
      matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'DoesNotExist' }],
    });
    const absent = ['app.kubernetes.io/name', 'tier'].map((key) => ({ key, operator: 'DoesNotExist' }));
    expect(specOf(all, 'prod/none').podSelector).to.deep.equal({ matchExpressions: absent });
  });

  it('makes one application of versions of which nothing different is wanted', async () => {
    const versions = (rule: string) =>
      advised(`namespaces:
  prod:
    pods:
      web-1: {labels: {app: web, version: v1}, ports: [80]}
      web-2: {labels: {app: web, version: v2}, ports: [80]}
      api: {labels: {app: api}}
      log: {labels: {app: log}}
expect: {default: deny, rules: [{allow: {from: prod/api, to: 'prod/web-*'}}, ${rule}]}
`);
    const alike = await versions(
      '{allow: {from: prod/log, to: prod/web-1}}, {allow: {from: prod/log, to: prod/web-2}}',
    );
    expect(names(alike)).to.deep.equal(['prod/default-deny', 'prod/web', 'prod/api', 'prod/log']);
    expect(specOf(alike, 'prod/web').podSelector).to.deep.equal(app('web'));
    const apart = await versions('{allow: {from: prod/log, to: prod/web-1}}');
    expect(apart.unmet).to.deep.equal([]);
    expect(names(apart).slice(1, 3)).to.deep.equal(['prod/web-v1', 'prod/web-v2']);
    expect(specOf(apart, 'prod/web-v1').podSelector).to.deep.equal({ matchLabels: { app: 'web', version: 'v1' } });
  });

  it('leaves closed what no lasting label tells from what is to be blocked, and says so', async () => {
    const all = await advised(`namespaces:
  prod:
    pods:
      db-0: {labels: {app: db, statefulset.kubernetes.io/pod-name: db-0}, ports: [5432]}
      db-1: {labels: {app: db, statefulset.kubernetes.io/pod-name: db-1}, ports: [5432]}
      api: {labels: {app: api}}
expect: {default: deny, rules: [{allow: {from: prod/api, to: prod/db-0}}]}
`);
    expect(names(all)).to.deep.equal(['prod/default-deny']);
    const [first, ...others] = all.unmet;
    expect(others).to.deep.equal([]);
    expect(first?.cell).to.include({ from: 'prod/api', to: 'prod/db-0', expectation: 'allow' });
    expect(first?.why).to.deep.equal({
      kind: 'alike',
      other: { from: 'prod/api', to: 'prod/db-1', port: 5432, protocol: 'TCP' },
      passing: ['statefulset.kubernetes.io/pod-name'],
    });
  });

  it('lets outside hosts in by their addresses, and only in the family that is wanted', async () => {
    const all = await advised(`namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [80]}}}}
hosts:
  office: {address: [172.17.5.10, 'fd00:5::10']}
  cloud: {address: 172.17.6.10, ports: [443, 22]}
expect:
  default: deny
  rules:
    - allow: {from: host:office, to: prod/web, family: IPv6}
    - allow: {from: prod/web, to: host:cloud, port: 443}
`);
    expect(all.unmet).to.deep.equal([]);
    expect(specOf(all, 'prod/web').ingress).to.deep.equal([
      { from: [{ ipBlock: { cidr: 'fd00:5::10/128' } }], ports: tcp(80) },
    ]);
    expect(specOf(all, 'prod/web').egress?.[0]).to.deep.equal({
      to: [{ ipBlock: { cidr: '172.17.6.10/32' } }],
      ports: tcp(443),
    });
  });

  it('opens a port to everyone only where nothing else lets through what a node sends on, and says so', async () => {
    const nodePort = (expectation: string) =>
      advised(`namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [8080, 9090]}, api: {labels: {app: api}}}}}
hosts: {office: {address: 172.17.5.10}}
services: {prod/web: {port: 80, targetPort: 8080, type: NodePort}}
expect: {default: allow, rules: [${expectation}]}
`);
    const open = await nodePort('{deny: {to: prod/web, port: 9090}}');
    expect(open.unmet).to.deep.equal([]);
    expect(specOf(open, 'prod/web').ingress).to.deep.equal([{ ports: tcp(8080) }]);
    expect(open.widenings.map(({ app: { name }, direction, port }) => ({ name, direction, ...port }))).to.deep.include({
      ...{ name: 'web', direction: 'ingress' },
      ...{ protocol: 'TCP', first: 8080, last: 8080 },
    });
    // The office shall not get to the pod: then nothing can be promised of the way through a node.
    const half = await nodePort('{deny: {to: prod/web, port: 9090}}, {deny: {from: host:office, to: prod/web}}');
    expect(specOf(half, 'prod/web').ingress?.every(({ from }) => from !== undefined)).to.equal(true);
    expect(half.unmet.map(({ cell, why }) => `${cell.from} -> ${cell.to} ${why.kind}`)).to.include(
      'host:office -> nodeport:prod/web backend',
    );
  });

  it('gives DNS where a name is to be reached, and not where only the name is to be blocked', async () => {
    const all = await advised(`namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [80]}
      api: {labels: {app: api}}
      job: {labels: {app: job}}
services: {prod/web: {port: 80, dns: true}}
expect: {default: allow, rules: [{deny: {from: prod/job, to: dns:prod/web}}]}
`);
    expect(all.unmet).to.deep.equal([]);
    const lookups = all.policies.flatMap(({ intent }) =>
      intent.kind === 'app' ? [`${intent.app.name} ${intent.lookups}`] : [],
    );
    expect(lookups).to.deep.equal(['web required', 'api required', 'job none']);
  });

  it('takes what was seen, and leaves closed what was not seen for certain', async () => {
    const { topology } = await stepOf(`${SHOP}expect: model`);
    const cell = (from: string, to: string, port: number, observed: Cell['observed'], flaky = false): Cell => {
      const probe = { from, to, port, protocol: 'TCP' } as const;
      const observation = { ...probe, verdict: observed ?? 'error', flaky, attempts: 1, detail: '' };
      return { ...probe, observed, expected: null, model: null, status: 'unjudged', observation };
    };
    const all = adviseFor(
      wantedFromSeen(topology, [
        cell('shop/web', 'shop/api', 8080, 'allowed'),
        cell('shop/web', 'shop/db', 5432, 'dropped'),
        cell('shop/db', 'shop/web', 80, 'rejected'),
        cell('shop/api', 'shop/db', 5432, 'error'),
        cell('shop/api', 'shop/web', 80, 'allowed', true),
        cell('shop/web', 'shop/api', 9090, 'unsupported'),
      ]),
    );
    expect(all.unmet).to.deep.equal([]);
    expect(all.met).to.equal(3);
    expect(names(all)).to.deep.equal(['shop/default-deny', 'shop/web', 'shop/api', 'monitoring/default-deny']);
    expect(specOf(all, 'shop/api').ingress).to.deep.equal([{ from: [{ podSelector: app('web') }], ports: tcp(8080) }]);
    const doubts = all.unknown.map(({ from, to, port, doubt }) => `${from} ${to} ${port} ${doubt}`);
    expect(doubts).to.include.members([
      'shop/api shop/db 5432 error',
      'shop/api shop/web 80 flaky',
      'shop/web shop/api 9090 unsupported',
      'monitoring/prometheus shop/db 5432 not-seen',
    ]);
    expect(all.exposed).to.deep.equal([]);
  });

  it('takes nothing from what was seen of a pod that meets itself through a Service, where that is undefined', async () => {
    const step = await stepOf(`namespaces:
  shop: {pods: {web: {labels: {app: web}, ports: [80]}, api: {labels: {app: api}}}}
services: {shop/web: {port: 80}}
expect: model`);
    const cell = (from: string, to: string, observed: 'allowed' | 'dropped', status: Cell['status']): Cell => ({
      ...{ from, to, port: 80, protocol: 'TCP' },
      ...{ observed, expected: null, model: null, status, observation: null },
    });
    const seenWith = (own: Cell) =>
      adviseFor(
        wantedFromSeen(step.topology, [
          cell('shop/api', 'shop/web', 'allowed', 'unjudged'),
          cell('shop/api', 'svc:shop/web', 'allowed', 'unjudged'),
          own,
        ]),
      );
    for (const observed of ['allowed', 'dropped'] as const) {
      const { unmet, met } = seenWith(cell('shop/web', 'svc:shop/web', observed, 'open'));
      expect([unmet, met]).to.deep.equal([[], 2]);
    }
    // Without policies that select it, it is defined.
    expect(seenWith(cell('shop/web', 'svc:shop/web', 'allowed', 'unjudged'))).to.deep.include({ unmet: [], met: 3 });
  });

  it('says which cells are open only because they are like others, and what can never be closed', async () => {
    const { topology } = await stepOf(`namespaces:
  prod:
    pods:
      web-1: {labels: {app: web}, ports: [80]}
      web-2: {labels: {app: web}, ports: [80]}
      api: {labels: {app: api}}
      agent: {labels: {app: agent}, hostNetwork: true}
nodes: {own: {with: prod/web-1}}
expect: model`);
    const probe = { from: 'prod/api', to: 'prod/web-1', port: 80, protocol: 'TCP' } as const;
    const seen: Cell = {
      ...probe,
      observed: 'allowed',
      expected: null,
      model: null,
      status: 'unjudged',
      observation: null,
    };
    const node: Cell = { ...seen, from: 'node:own', observed: 'dropped' };
    const agent: Cell = { ...seen, from: 'prod/agent', observed: 'dropped' };
    const all = adviseFor(wantedFromSeen(topology, [seen, node, agent]));
    expect(all.exposed.map(({ from, to }) => `${from} ${to}`)).to.include('prod/api prod/web-2');
    expect(all.unmet.map(({ cell, why }) => `${cell.from} ${why.kind}`)).to.have.members([
      'node:own own-node',
      'prod/agent host-network',
    ]);
  });
});
