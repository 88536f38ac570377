import { expect } from 'chai';
import fc from 'fast-check';
import { compile, readPolicies } from '../../../../src/model/index.ts';
import { lint, type Warning } from '../../../../src/model/lint/lint.ts';
import { cases, policies, worlds } from '../../../naive/arbitrary.ts';
import { probesOf } from '../../../naive/cells.ts';
import { decideNaively } from '../../../naive/decide.ts';
import type { RawPolicy, RawRule } from '../../../naive/manifest.ts';
import { withTypes } from '../../../naive/transform.ts';

// Many policies of few words: each rule has to be told often enough for its property to mean something.
const crowds = fc.record({
  world: worlds,
  /** Another one, for what has to hold whatever pods there are. */
  other: worlds,
  manifests: fc.array(policies, { minLength: 4, maxLength: 12 }),
});

interface Told extends Omit<Warning, 'policy'> {
  readonly index: number;
}

const tellOf = (manifests: readonly RawPolicy[], world: Parameters<typeof compile>[0]): readonly Told[] => {
  const read = readPolicies(manifests);
  return lint(compile(world, read)).map(({ policy, ...told }) => ({ ...told, index: read.indexOf(policy) }));
};

const expectSame = (
  before: readonly RawPolicy[],
  after: readonly RawPolicy[],
  world: Parameters<typeof compile>[0],
  mayBecomeKnown = false,
): void => {
  for (const probe of probesOf(world)) {
    const [was, is] = [decideNaively(before, world, probe), decideNaively(after, world, probe)];
    if (was === 'unknown' && mayBecomeKnown) continue;
    if (was !== is) expect.fail(`${JSON.stringify(probe)} was ${was}, is ${is}`);
  }
};

/** A copy of the manifests without what a path of one of them leads to. */
const without = (manifests: readonly RawPolicy[], { index, path }: Told): readonly RawPolicy[] => {
  const copies = structuredClone(manifests) as RawPolicy[];
  const parent = path.slice(0, -1).reduce<unknown>((part, key) => Object(part)[key], copies[index]);
  const last = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete Object(parent)[last as string];
  return copies;
};

/** A total order, by which sorting can go: later items of a list come after earlier ones. */
const comparePaths = (one: Told['path'], other: Told['path']): number => {
  const at = one.findIndex((step, index) => step !== other[index]);
  const [own, against] = [one[at], other[at]];
  if (own === undefined || against === undefined) return one.length - other.length;
  if (typeof own === 'number' && typeof against === 'number') return own - against;
  return String(own) < String(against) ? -1 : 1;
};

/** Judged where random policies bring it about. */
const RARE = new Set(['and-looks-like-or']);

const checkAll = (
  rules: readonly string[],
  check: (told: Told, manifests: readonly RawPolicy[], world: Parameters<typeof compile>[0]) => void,
): void => {
  const seen = new Set<string>();
  const property = fc.property(cases, ({ world, manifests }) => {
    for (const told of tellOf(manifests, world)) {
      if (!rules.includes(told.rule)) continue;
      seen.add(told.rule);
      check(told, manifests, world);
    }
  });
  const missing = () => rules.filter((rule) => !RARE.has(rule) && !seen.has(rule));
  // Some are not in every 50 worlds: more of them, until each was met.
  for (let round = 0; round === 0 || (round < 10 && missing().length > 0); round += 1)
    fc.assert(property, { numRuns: 50 });
  expect(missing()).to.deep.equal([]);
};

describe('lint: what it tells, against a second opinion', function () {
  this.timeout(60_000);

  it('policies that add nothing can go, all of them together, in any world', () => {
    let count = 0;
    fc.assert(
      fc.property(crowds, ({ world, other, manifests }) => {
        const told = tellOf(manifests, world).filter(({ rule }) => rule === 'adds-nothing');
        count += told.length;
        if (told.length === 0) return;
        const rest = manifests.filter((_, index) => !told.some((one) => one.index === index));
        expectSame(manifests, rest, world);
        expectSame(manifests, rest, other);
      }),
      { numRuns: 50 },
    );
    expect(count).to.be.at.least(8);
  });

  it('exceptions that are undone can go, each by itself, in any world', () => {
    let count = 0;
    fc.assert(
      fc.property(crowds, ({ world, other, manifests }) => {
        const [told] = tellOf(manifests, world).filter(({ rule }) => rule === 'except-undone');
        if (!told) return;
        count += 1;
        // Of an address that nobody gave, a block without exceptions may say what one with them can't.
        expectSame(manifests, without(manifests, told), other, true);
      }),
      { numRuns: 50 },
    );
    expect(count).to.be.at.least(6);
  });

  it('rules, peers and ports that are undone can go, all of them together, in any world', () => {
    const parts = new Set<number>();
    fc.assert(
      fc.property(crowds, ({ world, other, manifests }) => {
        const told = tellOf(manifests, world).filter(({ rule }) => rule === 'rule-undone');
        for (const { path } of told) parts.add(path.length);
        if (told.length === 0) return;
        // Later items first, so that the positions of the others stay as they are.
        const rest = told
          .toSorted((a, b) => comparePaths(b.path, a.path))
          .reduce<readonly RawPolicy[]>(without, manifests.map(withTypes));
        expectSame(manifests, rest, world);
        expectSame(manifests, rest, other);
      }),
      { numRuns: 40 },
    );
    // Of a rule, and of a peer or a port in it.
    expect([...parts].toSorted()).to.deep.equal([3, 5]);
  });

  it('a list that is empty can go, in any world', () => {
    checkAll(['empty-means-all'], (told, manifests, world) => {
      expectSame(manifests, without(manifests, told), world);
    });
  });

  it('a block that matches nothing can go, if it is not the last', () => {
    checkAll(['ipblock-matches-nothing'], (told, manifests, world) => {
      const [, direction = '', index, key = '', peer] = told.path;
      const rule = Object(manifests[told.index]?.spec)[direction][Number(index)] as RawRule;
      // The usual ranges of Services are a guess, beyond what the model takes for sure.
      if (!world.serviceRanges || (rule[key as 'from' | 'to'] ?? []).length < 2) return;
      const path = ['spec', direction, Number(index), key, Number(peer)];
      expectSame(manifests, without(manifests, { ...told, path }), world);
    });
  });

  it('a policy that selects no pod can go', () => {
    checkAll(['other-namespace', 'selects-no-pod'], ({ index }, manifests, world) => {
      expectSame(
        manifests,
        manifests.filter((_, at) => at !== index),
        world,
      );
    });
  });

  it('a rule without effect can go, once policyTypes are written', () => {
    checkAll(['idle-rules'], (told, manifests, world) => {
      expectSame(manifests, without(manifests, told), world);
    });
  });

  it('a peer that selects nothing can go, if it is not the last', () => {
    checkAll(['and-looks-like-or', 'or-looks-like-and', 'peer-selects-nothing'], (told, manifests, world) => {
      const [, direction = '', index, key = '', peer] = told.path;
      const rule = Object(manifests[told.index]?.spec)[direction][Number(index)] as RawRule;
      if ((rule[key as 'from' | 'to'] ?? []).length < 2) return;
      expectSame(
        manifests,
        without(manifests, { ...told, path: ['spec', direction, Number(index), key, Number(peer)] }),
        world,
      );
    });
  });

  it('a port by a name that nobody has can go, if it is not the last', () => {
    checkAll(['named-port'], (told, manifests, world) => {
      const [, direction = '', index] = told.path;
      const rule = Object(manifests[told.index]?.spec)[direction][Number(index)] as RawRule;
      if ((rule.ports ?? []).length > 1) expectSame(manifests, without(manifests, told), world);
    });
  });

  it('is in the order of the policies, one line each, and the same each time', () => {
    fc.assert(
      fc.property(cases, ({ world, manifests }) => {
        const told = tellOf(manifests, world);
        expect(told).to.deep.equal(tellOf(manifests, world));
        const order = told.map(({ index }) => index);
        expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
        for (const { message, hint = '' } of told) expect(message + hint).to.not.match(/\n|undefined|null|\[object/);
      }),
      { numRuns: 80 },
    );
  });
});
