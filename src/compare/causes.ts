import {
  type Decider,
  type Direction,
  decidersOf,
  type Model,
  type NetworkPolicy,
  type Path,
  type Probe,
} from '../model/index.ts';
import type { Cause } from './result.ts';

/** More would bury the first. */
const CAUSES_AT_MOST = 3;

/** What decided a cell before and what decides it now, on the sides that made the difference. */
export const causesOf = (before: Model, after: Model, probe: Probe): readonly Cause[] => {
  const [was, is] = [decidersOf(before, probe), decidersOf(after, probe)];
  return is.flatMap((now) => {
    const then = was.find(({ direction }) => direction === now.direction);
    return then && then.decision !== now.decision ? sideCauses(then, now, after) : [];
  });
};

const sideCauses = (was: Decider, is: Decider, after: Model): readonly Cause[] => {
  const { direction } = is;
  const lets = is.decision === 'allow' || (is.decision === 'unknown' && was.decision === 'deny');
  if (lets && is.isolating.length > 0) return rulesIn('allows', is);
  if (lets) return isolationIn('isolated', was.isolating, direction, after);
  // The rule that let it through is gone, and policies isolate; those that did before are not what changed.
  const before = new Set(was.isolating.map(nameOf));
  const fresh = is.isolating.filter((policy) => !before.has(nameOf(policy)));
  return [...(before.size > 0 ? rulesIn('allowed', was, after) : []), ...isolationIn('isolates', fresh, direction)];
};

/** With `after`, of rules that were: where they are now. */
const rulesIn = (effect: Cause['effect'], { direction, letting }: Decider, after?: Model): readonly Cause[] =>
  letting.slice(0, CAUSES_AT_MOST).map(({ policy, rule, number }) => {
    const now = after && namedIn(after).get(nameOf(policy));
    return {
      ...{ effect, direction, policy: nameOf(policy), rule: number },
      ...placed('place', policy, rule.path),
      // With more or fewer rules, the one of that number may be another one.
      ...placed('now', now, isSameNumber(policy, now, direction) ? now?.[direction]?.[number - 1]?.path : []),
    };
  });

const isSameNumber = (one: NetworkPolicy, other: NetworkPolicy | undefined, direction: Direction): boolean =>
  one[direction]?.length === other?.[direction]?.length;

const isolationIn = (
  effect: Cause['effect'],
  policies: readonly NetworkPolicy[],
  direction: Direction,
  after?: Model,
): readonly Cause[] =>
  policies.slice(0, CAUSES_AT_MOST).map((policy) => ({
    ...{ effect, direction, policy: nameOf(policy) },
    ...placed('place', policy),
    ...placed('now', after && namedIn(after).get(nameOf(policy))),
  }));

const nameOf = ({ namespace, name }: NetworkPolicy): string => `${namespace}/${name}`;

const named = new WeakMap<Model, ReadonlyMap<string, NetworkPolicy>>();

const namedIn = (model: Model): ReadonlyMap<string, NetworkPolicy> => {
  const known = named.get(model) ?? new Map(model.policies.map((policy) => [nameOf(policy), policy]));
  named.set(model, known);
  return known;
};

const placed = (
  key: 'place' | 'now',
  policy: NetworkPolicy | undefined,
  path: Path = [],
): Pick<Cause, 'place' | 'now'> => {
  const place = policy?.placeOf?.(path);
  return place ? { [key]: place } : {};
};
