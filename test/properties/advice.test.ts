import { expect } from 'chai';
import fc from 'fast-check';
import { advise, type TriedChange } from '../../src/model/explain/advice.ts';
import { decide, type NetworkPolicy, type Probe, readPolicies, type World } from '../../src/model/index.ts';
import { cases } from '../naive/arbitrary.ts';
import { probesOf } from '../naive/cells.ts';
import { decideNaively } from '../naive/decide.ts';
import type { RawPolicy, RawRule } from '../naive/manifest.ts';
import { told } from '../unit/model/explain/advice-told.ts';
import { type Described, declaredProbes, leastWidth, sameProbe, widthAt } from '../unit/model/explain/advice-width.ts';
import { modelOf } from '../unit/model/explain/explain-fixture.ts';

describe('advise', () => {
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
      case 'selector':
        return { world, manifests: inManifest(manifests, change) };
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
    /** Checks the advice for one denied cell, and returns the kinds of changes in it. */
    const check = ({ world, manifests }: Described, denied: readonly Probe[], pick: number): readonly string[] => {
      const input = { world, policies: readPolicies(manifests) };
      const probe = denied[pick % Math.max(1, denied.length)];
      if (!probe) return [];
      const found = advise(input, probe);
      for (const tried of [...found.changes, ...found.together]) {
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
        for (const cell of tried.opened) {
          expect(decideNaively(manifests, world, cell)).to.equal('deny');
          expect(decideNaively(after.manifests, after.world, cell)).to.equal('allow');
        }
      }
      for (const tried of found.changes) {
        const after = applied({ world, manifests }, tried);
        expect(decideNaively(after.manifests, after.world, probe)).to.equal('allow');
      }
      if (found.together.length > 0) {
        const after = found.together.reduce(applied, { world, manifests });
        expect(decideNaively(after.manifests, after.world, probe)).to.equal('allow');
      }
      for (const tried of [...found.changes, ...found.together])
        for (const end of ['from', 'to'] as const) {
          const after = applied({ world, manifests }, tried);
          const least = leastWidth({ world, manifests }, after, probe, end);
          expect(widthAt(tried, end), JSON.stringify(told(tried))).to.be.at.least(least);
        }
      const sizes = found.changes.map((tried) => [
        widthAt(tried, 'from') + widthAt(tried, 'to'),
        // A slip that is corrected comes before others that are as wide.
        tried.change.kind === 'selector' ? 0 : 1,
        tried.opens + tried.closes,
      ]);
      expect(sizes).to.deep.equal(sizes.toSorted(compareSizes));
      expect(sizes.length).to.be.at.most(3);
      return [...found.changes, ...found.together].map(({ change }) => change.kind);
    };

    it('each change opens it, and has the side effects that it is said to have', () => {
      const kinds = new Set<string>();
      const property = fc.property(plain, fc.nat(), (given, pick) => {
        for (const kind of check(given, deniedIn(given), pick)) kinds.add(kind);
      });
      // Some are rare: more worlds, until each was met.
      for (let round = 0; round === 0 || (round < 10 && kinds.size < 4); round += 1)
        fc.assert(property, { numRuns: 30 });
      expect([...kinds].toSorted()).to.deep.equal(['labels', 'policy', 'port', 'rule']);
    });

    it('so has the correction of a slip', () => {
      const places = { peer: 0, policy: 0 };
      fc.assert(
        fc.property(plain, fc.nat(), fc.constantFrom(...SLIPS), fc.boolean(), (given, pick, slip, inPeer) => {
          const { world, manifests } = respelt(given, SPELT);
          const pods = world.pods.filter(({ labels }) => respelt(labels, slip) !== labels);
          const pod = pods[pick % Math.max(1, pods.length)];
          if (!pod) return;
          const slipped = { podSelector: { matchLabels: respelt(pod.labels, slip) } };
          const deny = { podSelector: {}, policyTypes: ['Ingress'] };
          const specs = inPeer
            ? [{ ...deny, ingress: [{ from: [{ ...slipped, namespaceSelector: {} }] }] }]
            : [deny, { ...slipped, ingress: [{ from: [{ namespaceSelector: {} }] }] }];
          const added = specs.flatMap((spec, index) =>
            ['default', 'one', 'two'].map((namespace) => policyOf(`added-${namespace}-${index}`, namespace, spec)),
          );
          const all = { world, manifests: [...manifests, ...added] };
          const end = `${pod.namespace}/${pod.name}`;
          const denied = deniedIn(all).filter(({ from, to }) => (inPeer ? from : to) === end);
          const kinds = check(all, denied, pick);
          if (kinds.includes('selector')) places[inPeer ? 'peer' : 'policy'] += 1;
        }),
        { numRuns: 50 },
      );
      expect(places.peer).to.be.at.least(3);
      expect(places.policy).to.be.at.least(3);
    });
  });
});

const policyOf = (name: string, namespace: string, spec: object): RawPolicy =>
  ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: structuredClone(spec),
  }) as RawPolicy;

const deniedIn = ({ world, manifests }: Described): readonly Probe[] => {
  const model = modelOf({ world, policies: readPolicies(manifests) });
  return probesOf(world).filter((probe) => decide(model, probe) === 'deny');
};

/** Random labels are one letter long, where nothing is a slip; names of pods and namespaces are others. */
const SPELT = { a: 'front', b: 'orders' } as const;
/** Each one letter off: a value or a key. */
const SLIPS = [{ front: 'frnt' }, { orders: 'order' }, { tier: 'teir' }, { app: 'apps' }] as const;

/** A copy with other words for labels, keys included; the same value if it has none of them. */
const respelt = <Value>(value: Value, words: Readonly<Record<string, string>>): Value => {
  const text = JSON.stringify(value) ?? 'null';
  const other = text.replaceAll(/"(\w+)"/g, (quoted, word) =>
    Object.hasOwn(words, word) ? `"${words[word]}"` : quoted,
  );
  return other === text ? value : JSON.parse(other);
};

const compareSizes = (one: readonly number[], other: readonly number[]): number => {
  const at = one.findIndex((size, index) => size !== other[index]);
  return (one[at] ?? 0) - (other[at] ?? 0);
};

/** The manifests with one label of a selector written as it was meant. */
const inManifest = (
  manifests: readonly RawPolicy[],
  { policy, correction: { requirement, was, is } }: Extract<TriedChange['change'], { kind: 'selector' }>,
): readonly RawPolicy[] => {
  const copies = structuredClone(manifests) as RawPolicy[];
  const raw = copies.find(({ metadata }) => metadata.name === policy.name);
  const part = requirement.path.slice(0, -1).reduce<unknown>((whole, key) => Object(whole)[key], raw);
  const last = requirement.path.at(-1) ?? '';
  if (Array.isArray(part)) {
    const { values } = part[Number(last)];
    const spelt = values.map((value: string) => (value === was.value ? is.value : value));
    part[Number(last)] = { ...part[Number(last)], key: is.key, values: spelt };
  } else {
    delete Object(part)[last];
    Object(part)[is.key] = is.value;
  }
  return copies;
};
