import { expect } from 'chai';
import fc from 'fast-check';
import type { World } from '../../src/model/world.ts';
import { type Case, cases, policies, rules } from '../naive/arbitrary.ts';
import { modelOf, probesOf } from '../naive/cells.ts';
import { familyOf } from '../naive/cidr.ts';
import type { Verdict } from '../naive/decide.ts';
import { policyIn, type RawPolicy } from '../naive/manifest.ts';
import {
  asExpressions,
  DIRECTIONS,
  renamedSelector,
  renamedWorld,
  splitByRule,
  turned,
  withPeers,
  withRules,
  withSelectors,
  withSpec,
  withTypes,
} from '../naive/transform.ts';

const RANK: Readonly<Record<Verdict, number>> = { deny: 0, unknown: 1, allow: 2 };
const same = (before: Verdict, after: Verdict): boolean => before === after;
const neverCloses = (before: Verdict, after: Verdict): boolean => RANK[after] >= RANK[before];
const neverOpens = (before: Verdict, after: Verdict): boolean => RANK[after] <= RANK[before];
const onlyResolves = (before: Verdict, after: Verdict): boolean => before === 'unknown' || before === after;

/** Every cell of the first world keeps to the relation when it is decided again in the second. */
const expectCells = (
  holds: (before: Verdict, after: Verdict) => boolean,
  before: Case,
  after: { readonly world?: World; readonly manifests?: readonly RawPolicy[] },
): void => {
  const decideBefore = modelOf(before.manifests, before.world);
  const decideAfter = modelOf(after.manifests ?? before.manifests, after.world ?? before.world);
  for (const probe of probesOf(before.world)) {
    const [one, other] = [decideBefore(probe), decideAfter(probe)];
    if (!holds(one, other)) expect.fail(`${JSON.stringify(probe)}: ${one} became ${other}`);
  }
};

const check = <T>(given: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(given, property), { numRuns: 15 });

/** A case and one policy more: also one whose pods are isolated without it, by a policy that allows nothing. */
const oneMore = fc.record({ base: cases, extra: policies.map(withTypes) });
const isolating = ({ metadata, spec }: RawPolicy): RawPolicy =>
  policyIn(metadata.namespace ?? null, { podSelector: spec?.podSelector, policyTypes: spec?.policyTypes });
const withMore = ({ world, manifests }: Case, ...more: readonly RawPolicy[]): Case => ({
  world,
  manifests: [...manifests, ...more],
});

describe('what holds for all policies', function () {
  this.timeout(60_000);

  for (const direction of DIRECTIONS)
    it(`a rule more in the ${direction} of a policy that isolates in it closes no cell`, () =>
      check(fc.record({ base: cases, rule: rules(direction === 'ingress' ? 'from' : 'to') }), ({ base, rule }) => {
        const [first, ...others] = base.manifests.map(withTypes);
        if (!first) return;
        const longer = withSpec(first, (spec) => ({ ...spec, [direction]: [...(spec[direction] ?? []), rule] }));
        expectCells(neverCloses, base, { manifests: [longer, ...others] });
      }));

  it('a policy more closes no cell if all that it selects is isolated in its directions without it', () =>
    check(oneMore, ({ base, extra }) => {
      const before = withMore(base, isolating(extra));
      expectCells(neverCloses, before, withMore(before, extra));
    }));

  it('a policy less opens no cell if all that it selects stays isolated in its directions', () =>
    check(oneMore, ({ base, extra }) => {
      const after = withMore(base, isolating(extra));
      expectCells(neverOpens, withMore(after, extra), after);
    }));

  it('a policy that allows nothing changes nothing beside one that selects the same for the same directions', () =>
    check(oneMore, ({ base, extra }) => {
      const before = withMore(base, extra);
      expectCells(same, before, withMore(before, isolating(extra)));
    }));

  it('a policy that allows nothing opens no cell, and one that allows all in its directions closes none', () =>
    check(oneMore, ({ base, extra }) => {
      const open = withSpec(isolating(extra), (spec) => ({ ...spec, ingress: [{}], egress: [{}] }));
      expectCells(neverOpens, base, withMore(base, isolating(extra)));
      expectCells(neverCloses, base, withMore(base, open));
    }));

  it('a policy that selects nothing changes nothing', () =>
    check(oneMore, ({ base, extra }) => {
      const nobody = withSpec(extra, (spec) => ({ ...spec, podSelector: { matchLabels: { nobody: 'here' } } }));
      expectCells(same, base, withMore(base, nobody));
    }));

  it('labels renamed in the world and in the selectors alike change nothing', () =>
    check(cases, (base) =>
      expectCells(same, base, {
        world: renamedWorld(base.world),
        manifests: base.manifests.map((policy) => withSelectors(policy, renamedSelector)),
      }),
    ));

  it('the order of policies, rules, peers, ports, requirements, values and pods does not matter', () =>
    check(fc.record({ base: cases, places: fc.nat({ max: 5 }) }), ({ base, places }) =>
      expectCells(same, base, turned(base, places)),
    ));

  it('a pod always reaches itself', () =>
    check(cases, ({ world, manifests }) => {
      const decide = modelOf(manifests, world);
      const cells = probesOf(world).filter(({ from, to }) => from === to);
      expect(new Set(cells.map(decide))).to.deep.equal(new Set(['allow']));
    }));

  it('addresses learnt, of the families that pods have, only resolve what was unknown', () =>
    check(cases, (base) => {
      const { pods } = base.world;
      const families = [...new Set(pods.flatMap(({ addresses = [] }) => addresses.map(familyOf)))];
      // A pod with an address in a range of Services would contradict what was known before.
      const known = { ...base.world, serviceRanges: [], ...(families.length > 0 && { families }) };
      const forgotten = { ...known, pods: pods.map((pod) => ({ ...pod, addresses: [] })) };
      expectCells(onlyResolves, { ...base, world: forgotten }, { world: known });
    }));

  it('learning that pods do not share the network of their nodes only resolves what was unknown', () =>
    check(cases, (base) => {
      const pods = base.world.pods.map((pod) => ({ ...pod, hostNetwork: false }));
      expectCells(onlyResolves, base, { world: { ...base.world, pods } });
    }));

  it('connections of hostNetwork pods are never denied for sure', () =>
    check(cases, (base) => {
      const pods = base.world.pods.map((pod) => ({ ...pod, hostNetwork: true }));
      const decide = modelOf(base.manifests, { ...base.world, pods });
      expect(new Set(probesOf(base.world).map(decide))).not.to.include('deny');
    }));

  it('a policy split into one for each rule changes nothing', () =>
    check(cases, (base) => expectCells(same, base, { manifests: base.manifests.flatMap(splitByRule) })));

  it('policyTypes written out as they default change nothing', () =>
    check(cases, (base) => expectCells(same, base, { manifests: base.manifests.map(withTypes) })));

  it('matchLabels written as matchExpressions change nothing', () =>
    check(cases, (base) =>
      expectCells(same, base, { manifests: base.manifests.map((policy) => withSelectors(policy, asExpressions)) }),
    ));

  it('a wider range of ports closes no cell', () =>
    check(fc.record({ base: cases, by: fc.constantFrom(1, 2, 65_535) }), ({ base, by }) => {
      const wider = base.manifests.map((policy) =>
        withRules(policy, (rule) => ({
          ...rule,
          ports: rule.ports?.map((own) =>
            typeof own.port === 'number' ? { ...own, endPort: Math.min((own.endPort ?? own.port) + by, 65_535) } : own,
          ),
        })),
      );
      expectCells(neverCloses, base, { manifests: wider });
    }));

  it('rules without their ports, or without their peers, close no cell', () =>
    check(cases, (base) => {
      const lifted = (change: Parameters<typeof withRules>[1]) => ({
        manifests: base.manifests.map((policy) => withRules(policy, change)),
      });
      expectCells(
        neverCloses,
        base,
        lifted((rule) => ({ ...rule, ports: null })),
      );
      expectCells(
        neverCloses,
        base,
        lifted(({ ports }) => ({ ports })),
      );
    }));

  it('blocks without their exceptions close no cell', () =>
    check(cases, (base) => {
      const whole = base.manifests.map((policy) =>
        withPeers(policy, ({ ipBlock, ...own }) => ({ ...own, ...(ipBlock && { ipBlock: { cidr: ipBlock.cidr } }) })),
      );
      expectCells(neverCloses, base, { manifests: whole });
    }));

  it('a pod more changes no cell between the others', () =>
    check(cases, (base) => {
      const stranger = { namespace: 'default', name: 'stranger', labels: { app: 'a' } };
      expectCells(same, base, { world: { ...base.world, pods: [stranger, ...base.world.pods] } });
    }));
});
