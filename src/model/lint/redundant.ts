import type { Direction, NetworkPolicy } from '../policy.ts';
import { DIRECTIONS, rulesIn } from '../rules.ts';
import { coversRule, coversSelector, pairsOf } from './cover.ts';
import { listText } from './text.ts';
import type { Finding } from './warning.ts';

/**
 * Policies that others make redundant, for any set of pods. All reported ones can be deleted together; of two equal
 * policies the later one is reported.
 */
export const findRedundant = (policies: readonly NetworkPolicy[]): ReadonlyMap<NetworkPolicy, Finding> => {
  const found = new Map<NetworkPolicy, Finding>();
  for (const near of Map.groupBy(policies, ({ namespace }) => namespace).values())
    for (const policy of near.toReversed()) {
      const others = near.filter(
        (other) => other !== policy && !found.has(other) && coversSelector(other.pods, policy.pods),
      );
      const covering = DIRECTIONS.map((direction) => coveringOf(policy, others, direction));
      if (!covering.every((some) => some !== null)) continue;
      const names = [...new Set(covering.flat().map(({ name }) => name))];
      if (names.length === 0) continue;
      const message =
        names.length === 1
          ? `${policy.name} adds nothing: ${names[0]} already isolates its pods and lets through all that it does; delete it, or narrow the other`
          : `${policy.name} adds nothing: ${listText(names)} already isolate its pods and let through all that it does; delete it, or narrow the others`;
      found.set(policy, { rule: 'adds-nothing', path: ['metadata', 'name'], message });
    }
  return found;
};

/**
 * The other policies that do what the policy does in a direction: just one, if one covers it all. null if they don't.
 */
const coveringOf = (
  policy: NetworkPolicy,
  others: readonly NetworkPolicy[],
  direction: Direction,
): readonly NetworkPolicy[] | null => {
  const rules = policy[direction];
  if (!rules) return [];
  // A bare deny stays as the base under policies that allow: only another bare deny makes it redundant.
  const isBare = rules.length === 0;
  const pairs = rules.flatMap(pairsOf);
  const covers = (other: NetworkPolicy, pair: (typeof pairs)[number]): boolean =>
    coversRule(rulesIn(other, direction), pair, policy.namespace);
  const alone = others.find((other) =>
    isBare ? other[direction]?.length === 0 : pairs.every((pair) => covers(other, pair)),
  );
  if (alone) return [alone];
  if (isBare || !pairs.every((pair) => others.some((other) => covers(other, pair)))) return null;
  return others.filter((other) => pairs.some((pair) => covers(other, pair)));
};
