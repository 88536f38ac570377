import { expect } from 'chai';
import fc from 'fast-check';
import { compile, readPolicies } from '../../src/model/index.ts';
import { lint, type Warning } from '../../src/model/lint/lint.ts';
import type { World } from '../../src/model/world.ts';
import { cases, policies, worlds } from '../naive/arbitrary.ts';
import { probesOf } from '../naive/cells.ts';
import { decideNaively } from '../naive/decide.ts';
import type { RawPolicy, RawRule } from '../naive/manifest.ts';
import { withTypes } from '../naive/transform.ts';

// Many policies of few words: each rule has to be told often enough for its property to mean something.
const crowds = fc.record({
  world: worlds,
  /** Another one, for what has to hold whatever pods there are. */
  other: worlds,
  manifests: fc.array(policies, { minLength: 4, maxLength: 12 }),
});

interface Crowd {
  readonly world: World;
  readonly other: World;
  readonly manifests: readonly RawPolicy[];
}

interface Told extends Omit<Warning, 'policy'> {
  readonly index: number;
}

const tellOf = (manifests: readonly RawPolicy[], world: World): readonly Told[] => {
  const read = readPolicies(manifests);
  return lint(compile(world, read)).map(({ policy, ...told }) => ({ ...told, index: read.indexOf(policy) }));
};

const expectSame = (
  before: readonly RawPolicy[],
  after: readonly RawPolicy[],
  world: World,
  mayBecomeKnown = false,
): void => {
  for (const probe of probesOf(world)) {
    const [was, is] = [decideNaively(before, world, probe), decideNaively(after, world, probe)];
    if (was === 'unknown' && mayBecomeKnown) continue;
    if (was !== is) expect.fail(`${JSON.stringify(probe)} was ${was}, is ${is}`);
  }
};

/** The manifests without what a path of one of them leads to; only that one is copied. */
const without = (manifests: readonly RawPolicy[], { index, path }: Told): readonly RawPolicy[] => {
  const copy = structuredClone(manifests[index]) as RawPolicy;
  const parent = path.slice(0, -1).reduce<unknown>((part, key) => Object(part)[key], copy);
  const last = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete Object(parent)[last as string];
  return manifests.with(index, copy);
};

/** A total order, by which sorting can go: later items of a list come after earlier ones. */
const comparePaths = (one: Told['path'], other: Told['path']): number => {
  const at = one.findIndex((step, index) => step !== other[index]);
  const [own, against] = [one[at], other[at]];
  if (own === undefined || against === undefined) return one.length - other.length;
  if (typeof own === 'number' && typeof against === 'number') return own - against;
  return String(own) < String(against) ? -1 : 1;
};

type Check = (told: Told, manifests: readonly RawPolicy[], world: World) => void;

const withoutIt: Check = (told, manifests, world) => expectSame(manifests, without(manifests, told), world);

const withoutPeer: Check = ({ path: [, direction = '', index, key = '', peer], ...told }, manifests, world) => {
  if (direction === 'podSelector') return;
  const rule = Object(manifests[told.index]?.spec)[direction][Number(index)] as RawRule;
  if ((rule[key as 'from' | 'to'] ?? []).length < 2) return;
  withoutIt({ ...told, path: ['spec', direction, Number(index), key, Number(peer)] }, manifests, world);
};

const withoutPolicy: Check = ({ index, path }, manifests, world) => {
  if (path[1] === 'podSelector' || path[0] === 'metadata') expectSame(manifests, manifests.toSpliced(index, 1), world);
};

/** What can go, without a change to any cell, by the rule that tells it. */
const GOES: Readonly<Record<string, readonly [what: string, check: Check]>> = {
  'empty-means-all': ['a list that is empty', withoutIt],
  'ipblock-matches-nothing': [
    'a block that matches nothing, if it is not the last',
    // The usual ranges of Services are a guess, beyond what the model takes for sure.
    (told, manifests, world) => world.serviceRanges && withoutPeer(told, manifests, world),
  ],
  'other-namespace': ['a policy for pods of another namespace', withoutPolicy],
  'selects-no-pod': ['a policy that selects no pod', withoutPolicy],
  'swapped-selector': [
    'a policy or a peer that selects nothing because of a slip',
    (...all) => {
      withoutPolicy(...all);
      withoutPeer(...all);
    },
  ],
  'idle-rules': ['a rule without effect, once policyTypes are written', withoutIt],
  'and-looks-like-or': ['a peer that selects nothing, if it is not the last', withoutPeer],
  'or-looks-like-and': ['a peer that selects nothing, if it is not the last', withoutPeer],
  'peer-selects-nothing': ['a peer that selects nothing, if it is not the last', withoutPeer],
  'named-port': [
    'a port by a name that nobody has, if it is not the last',
    (told, manifests, world) => {
      const [, direction = '', index] = told.path;
      const rule = Object(manifests[told.index]?.spec)[direction][Number(index)] as RawRule;
      if ((rule.ports ?? []).length > 1) withoutIt(told, manifests, world);
    },
  ],
};

/** Judged where random policies bring it about. */
const RARE = new Set(['and-looks-like-or']);

describe('lint: what it tells, against a second opinion', function () {
  this.timeout(60_000);

  /** Checks that of a crowd of policies all that a rule of the lint names can go; returns how many there were. */
  const goes: Readonly<Record<string, (crowd: Crowd, told: readonly Told[]) => number>> = {
    'adds-nothing': ({ world, other, manifests }, told) => {
      const rest = manifests.filter((_, index) => !told.some((one) => one.index === index));
      expectSame(manifests, rest, world);
      expectSame(manifests, rest, other);
      return told.length;
    },
    'except-undone': ({ other, manifests }, [first]) => {
      // Of an address that nobody gave, a block without exceptions may say what one with them can't.
      expectSame(manifests, without(manifests, first as Told), other, true);
      return 1;
    },
    'rule-undone': ({ world, other, manifests }, told) => {
      // Later items first, so that the positions of the others stay as they are.
      const rest = told
        .toSorted((a, b) => comparePaths(b.path, a.path))
        .reduce<readonly RawPolicy[]>(without, manifests.map(withTypes));
      expectSame(manifests, rest, world);
      expectSame(manifests, rest, other);
      return told.length;
    },
  };

  // One property for the three, because policies and what the lint tells of them take longest.
  it('policies that add nothing can go, and rules, peers and ports that are undone, all together; an exception by itself', () => {
    const counts: Record<string, number> = {};
    const parts = new Set<number>();
    fc.assert(
      fc.property(crowds, (crowd) => {
        const all = tellOf(crowd.manifests, crowd.world);
        for (const [rule, check] of Object.entries(goes)) {
          const told = all.filter((one) => one.rule === rule);
          if (told.length > 0) counts[rule] = (counts[rule] ?? 0) + check(crowd, told);
          if (rule === 'rule-undone') for (const { path } of told) parts.add(path.length);
        }
      }),
      { numRuns: 40 },
    );
    expect(counts['adds-nothing']).to.be.at.least(4);
    expect(counts['except-undone']).to.be.at.least(3);
    // Of a rule, and of a peer or a port in it.
    expect([...parts].toSorted()).to.deep.equal([3, 5]);
  });

  it('what is told can go: lists, blocks, policies, rules, peers and ports, each by its rule', () => {
    const seen = new Set<string>();
    const property = fc.property(cases, ({ world, manifests }) => {
      for (const told of tellOf(manifests, world)) {
        const [what, check] = GOES[told.rule] ?? [];
        if (!check) continue;
        seen.add(told.rule);
        try {
          check(told, manifests, world);
        } catch (error) {
          throw new Error(`${told.rule}: ${what} cannot go`, { cause: error });
        }
      }
    });
    const missing = () => Object.keys(GOES).filter((rule) => !RARE.has(rule) && !seen.has(rule));
    // Some are not in every 20 worlds: more of them, until each was met.
    for (let round = 0; round === 0 || (round < 25 && missing().length > 0); round += 1)
      fc.assert(property, { numRuns: 20 });
    expect(missing()).to.deep.equal([]);
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
      { numRuns: 25 },
    );
  });
});
