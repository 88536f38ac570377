/** What would open a connection that policies deny. Nothing is told that the model has not tried. */

import { compile } from '../compile.ts';
import { type Connection, connectionOf, type Decision, decideSide, type Model } from '../decide.ts';
import type { Direction } from '../policy.ts';
import { decide } from '../route.ts';
import type { Probe } from '../world.ts';
import { candidatesFor } from './advice-candidates.ts';
import { allowAllIn, applyChange, type Change, type ModelInput, touches } from './advice-change.ts';
import { type Effect, effectBetween } from './advice-effect.ts';
import { explain, type Side } from './explain.ts';

/** A change that was tried, with the number of other connections to declared ports that it opens and closes. */
export interface TriedChange extends Effect {
  readonly change: Change;
}

/** What the connection would come to with a policy that allows everything in one direction of a namespace. */
export interface AllowAll {
  readonly direction: Direction;
  readonly namespace: string;
  readonly decision: Decision;
  /** The sides that would deny it still. */
  readonly blocking: readonly { readonly direction: Direction; readonly endpoint: string }[];
}

export interface Advice {
  /** Each opens the connection alone; at most three, those with the fewest side effects first. */
  readonly changes: readonly TriedChange[];
  /** Where both sides deny, and no change opens it alone without closing others: one for each side, which do together. */
  readonly together: readonly TriedChange[];
  /** For each side that denies. */
  readonly allowAll: readonly AllowAll[];
}

const CHANGES_AT_MOST = 3;

/**
 * Finds what would open a denied connection; nothing for one that is not denied. Throws a RangeError for an unknown
 * endpoint, and for labels in the world that Kubernetes would refuse.
 */
export const advise = (input: ModelInput, probe: Probe): Advice => {
  const model = compile(input.world, input.policies);
  const { decision, sides } = explain(model, probe);
  if (decision !== 'deny') return { changes: [], together: [], allowAll: [] };
  const connection = connectionOf(model, probe);
  const denied = sides.filter((side) => side.decision === 'deny');
  const candidates = denied.map((side) => distinct(candidatesFor(side, connection, model.endpoints.values())));
  const allowAll = denied.flatMap((side) => tryAllowAll(input, probe, side, connection));
  const rank = ranking(input, model, probe);

  // Two endpoints decide a connection: trying in a world of these alone is the same, and quick.
  const small = around(input, probe);
  const opening = distinct(candidates.flat()).filter(
    (change) => decide(compiled(applyChange(small, change)), probe) === 'allow',
  );
  const changes = rank(opening).slice(0, CHANGES_AT_MOST);
  const harmless = changes.some(({ closes }) => closes === 0);
  if (harmless || denied.length < 2) return { changes, together: [], allowAll };

  const [ofEgress = [], ofIngress = []] = denied.map(({ direction }, index) =>
    rank((candidates[index] ?? []).filter((change) => opensSide(applyChange(small, change), probe, direction))),
  );
  const pairs = ofEgress.flatMap((one) => ofIngress.map((other) => [one, other]));
  const together = pairs.find(
    (pair) =>
      decide(compiled(pair.reduce((before, { change }) => applyChange(before, change), small)), probe) === 'allow',
  );
  return { changes, together: together ?? [], allowAll };
};

const compiled = ({ world, policies }: ModelInput): Model => compile(world, policies);

const around = ({ world, policies }: ModelInput, { from, to }: Probe): ModelInput => ({
  world: { ...world, pods: world.pods.filter(({ namespace, name }) => [from, to].includes(`${namespace}/${name}`)) },
  policies,
});

const opensSide = (input: ModelInput, probe: Probe, direction: Direction): boolean => {
  const model = compiled(input);
  return decideSide(model, connectionOf(model, probe), direction) === 'allow';
};

/** Sorts changes by their side effects. */
const ranking =
  (input: ModelInput, model: Model, probe: Probe) =>
  (changes: readonly Change[]): readonly TriedChange[] =>
    changes
      .map((change) => {
        const after = compiled(applyChange(input, change));
        return { change, ...effectBetween(model, after, (endpoint) => touches(change, endpoint), probe) };
      })
      .toSorted((a, b) => effects(a) - effects(b));

const effects = ({ opens, closes }: Effect): number => opens + closes;

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [keyOf(change), change])).values(),
];

const keyOf = (change: Change): string =>
  JSON.stringify(change, (key, value: unknown) => {
    if (key !== 'policy') return value;
    const { namespace, name } = value as { readonly namespace: string; readonly name: string };
    return `${namespace}/${name}`;
  });

const tryAllowAll = (
  input: ModelInput,
  probe: Probe,
  { direction }: Side,
  { from, to }: Connection,
): readonly AllowAll[] => {
  const { namespace } = direction === 'egress' ? from : to;
  if (!namespace) return [];
  const model = compiled(applyChange(around(input, probe), allowAllIn(namespace.name, direction)));
  const blocking = explain(model, probe).sides.filter(({ decision }) => decision === 'deny');
  return [
    {
      direction,
      namespace: namespace.name,
      decision: decide(model, probe),
      blocking: blocking.map((side) => ({ direction: side.direction, endpoint: side.endpoint })),
    },
  ];
};
