import { expect } from 'chai';
import { advised, app, inNamespace, names, SHOP, specOf, tcp } from './fixture.ts';

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
});
