import { expect } from 'chai';
import fc from 'fast-check';
import { type Advice, advise, type TriedChange } from '../../../src/model/advice.ts';
import { decide, type NetworkPolicy, type Probe, readPolicies, type World } from '../../../src/model/index.ts';
import { cases } from '../../naive/arbitrary.ts';
import { probesOf } from '../../naive/cells.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy, RawRule } from '../../naive/manifest.ts';
import { inputOf, modelOf, probeOf } from './explain-fixture.ts';
import type { Cast, Specs } from './lint-fixture.ts';

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

/** A change in the fewest words, with what it opens and closes besides. */
const told = ({ change, opens, closes }: TriedChange): unknown[] => {
  const effect = [opens, closes];
  switch (change.kind) {
    case 'labels':
      return [change.kind, change.name, change.labels, ...effect];
    case 'port':
      return [change.kind, change.policy.name, change.direction, change.number, change.port, ...effect];
    case 'rule':
      return [change.kind, change.policy.name, change.direction, change.rule, ...effect];
    case 'policy':
      return [change.kind, change.namespace, change.spec, ...effect];
  }
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

  it('tells at most three, those with the fewest side effects first', () => {
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
    // As long as dev is shut, its label opens nothing else either.
    expect(together.map(told).map(([kind, where]) => [kind, where])).to.deep.equal([
      ['policy', 'dev'],
      ['labels', 'dev'],
    ]);
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

  /** Applies a change to manifests as a person would, by the naive procedure's rules only. */
  const applied = (
    { world, manifests }: { readonly world: World; readonly manifests: readonly RawPolicy[] },
    { change }: TriedChange,
  ): { readonly world: World; readonly manifests: readonly RawPolicy[] } => {
    const inPolicy = (policy: NetworkPolicy, edit: (spec: NonNullable<RawPolicy['spec']>) => object) =>
      manifests.map((raw) =>
        raw.metadata.name === policy.name ? { ...raw, spec: { ...raw.spec, ...edit(raw.spec ?? {}) } } : raw,
      );
    switch (change.kind) {
      case 'labels': {
        const relabel = (labels: Readonly<Record<string, string>> = {}) => {
          const changed: Record<string, string> = { ...labels };
          for (const [key, value] of Object.entries(change.labels))
            if (value === null) delete changed[key];
            else changed[key] = value;
          return changed;
        };
        const namespaces = world.namespaces.map((one) =>
          change.of === 'namespace' && one.name === change.name ? { ...one, labels: relabel(one.labels) } : one,
        );
        const pods = world.pods.map((one) =>
          change.of === 'pod' && `${one.namespace}/${one.name}` === change.name
            ? { ...one, labels: relabel(one.labels) }
            : one,
        );
        return { manifests, world: { ...world, namespaces, pods } };
      }
      case 'port':
        return {
          world,
          manifests: inPolicy(change.policy, (spec) => ({
            [change.direction]: spec[change.direction]?.map((rule: RawRule, index: number) =>
              index === change.number - 1
                ? {
                    ...rule,
                    ports: [...(rule.ports ?? []), { port: change.port.number, protocol: change.port.protocol }],
                  }
                : rule,
            ),
          })),
        };
      case 'rule':
        return {
          world,
          manifests: inPolicy(change.policy, (spec) => ({
            [change.direction]: [...(spec[change.direction] ?? []), change.rule],
          })),
        };
      case 'policy': {
        const metadata = { name: 'new', namespace: change.namespace };
        const added = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: change.spec };
        return { world, manifests: [...manifests, added as RawPolicy] };
      }
    }
  };

  describe('for every denied cell of random worlds', function () {
    this.timeout(120_000);

    /** Pods with a network of their own: what the others come to is not what is tested here. */
    const plain = cases.map(({ world, manifests }) => ({
      world: { ...world, pods: world.pods.map(({ hostNetwork: _, ...pod }) => pod) },
      manifests: manifests.map((raw, index) => ({ ...raw, metadata: { ...raw.metadata, name: `p${index}` } })),
    }));
    it('each change opens it, and has the side effects that it is said to have', () => {
      const kinds = new Set<string>();
      fc.assert(
        fc.property(plain, fc.nat(), ({ world, manifests }, pick) => {
          const input = { world, policies: readPolicies(manifests) };
          const model = modelOf(input);
          const denied = probesOf(world).filter((probe) => decide(model, probe) === 'deny');
          const probe = denied[pick % Math.max(1, denied.length)];
          if (!probe) return;
          const found = advise(input, probe);
          for (const tried of [...found.changes, ...found.together]) {
            kinds.add(tried.change.kind);
            const after = applied({ world, manifests }, tried);
            let opens = 0;
            let closes = 0;
            for (const cell of declaredProbes(world)) {
              if (cell.from === cell.to || sameProbe(cell, probe)) continue;
              const was = decideNaively(manifests, world, cell);
              const is = decideNaively(after.manifests, after.world, cell);
              if (was === 'deny' && is === 'allow') opens += 1;
              if (was === 'allow' && is === 'deny') closes += 1;
            }
            expect({ opens: tried.opens, closes: tried.closes }, JSON.stringify(told(tried))).to.deep.equal({
              opens,
              closes,
            });
          }
          for (const tried of found.changes) {
            const after = applied({ world, manifests }, tried);
            expect(decideNaively(after.manifests, after.world, probe)).to.equal('allow');
          }
          if (found.together.length > 0) {
            const after = found.together.reduce(applied, { world, manifests });
            expect(decideNaively(after.manifests, after.world, probe)).to.equal('allow');
          }
          const sizes = found.changes.map(({ opens, closes }) => opens + closes);
          expect(sizes).to.deep.equal(sizes.toSorted((a, b) => a - b));
          expect(sizes.length).to.be.at.most(3);
        }),
        { numRuns: 150 },
      );
      expect([...kinds].toSorted()).to.deep.equal(['labels', 'policy', 'port', 'rule']);
    });
  });
});

/** Every connection to a declared port, once. */
const declaredProbes = ({ pods, hosts = [] }: World): readonly Probe[] => {
  const sources = [
    ...pods.map(({ namespace, name }) => `${namespace}/${name}`),
    ...hosts.map(({ name }) => `host:${name}`),
  ];
  return pods.flatMap(({ namespace, name, ports = [] }) => {
    const distinct = new Map(
      ports.map(({ number, protocol }) => [`${number}/${protocol}`, { port: number, protocol }]),
    );
    return [...distinct.values()].flatMap((port) =>
      sources.map((from) => ({ from, to: `${namespace}/${name}`, ...port })),
    );
  });
};

const sameProbe = (one: Probe, other: Probe): boolean =>
  one.from === other.from && one.to === other.to && one.port === other.port && one.protocol === other.protocol;
