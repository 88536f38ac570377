import { type Decider, decidersOf, type Model, type NetworkPolicy, type Path, type Probe } from '../model/index.ts';
import type { Cause } from './result.ts';

/** More would bury the first. */
const CAUSES_AT_MOST = 3;

/** What decided a cell before and what decides it now, on the sides that made the difference. */
export const causesOf = (before: Model, after: Model, probe: Probe): readonly Cause[] => {
  const [was, is] = [decidersOf(before, probe), decidersOf(after, probe)];
  return is.flatMap((now) => {
    const then = was.find(({ direction }) => direction === now.direction);
    return then && then.decision !== now.decision ? sideCauses(then, now) : [];
  });
};

const sideCauses = (was: Decider, is: Decider): readonly Cause[] => {
  const lets = is.decision === 'allow' || (is.decision === 'unknown' && was.decision === 'deny');
  if (lets) return is.isolating.length > 0 ? rulesIn('allows', is) : isolationIn('isolated', was);
  // The rule that let it through is gone, and what is left of the policies isolates.
  return [...(was.isolating.length > 0 ? rulesIn('allowed', was) : []), ...isolationIn('isolates', is)];
};

const rulesIn = (effect: Cause['effect'], { direction, letting }: Decider): readonly Cause[] =>
  letting.slice(0, CAUSES_AT_MOST).map(({ policy, rule, number }) => ({
    ...{ effect, direction, policy: nameOf(policy), rule: number },
    ...placed(policy, rule.path),
  }));

const isolationIn = (effect: Cause['effect'], { direction, isolating }: Decider): readonly Cause[] =>
  isolating.slice(0, CAUSES_AT_MOST).map((policy) => ({
    ...{ effect, direction, policy: nameOf(policy) },
    ...placed(policy, []),
  }));

const nameOf = ({ namespace, name }: NetworkPolicy): string => `${namespace}/${name}`;

const placed = ({ placeOf }: NetworkPolicy, path: Path): Pick<Cause, 'place'> => {
  const place = placeOf?.(path);
  return place ? { place } : {};
};
