/** What would make the connection as it is wanted, as the model has tried it. */
import { advise, type Probe, type TriedChange, withPolicies } from '../model/index.ts';
import type { Mistake } from './cause.ts';
import type { Found } from './causes.ts';
import { closings } from './closings.ts';
import { type Effect, effectOf } from './effect.ts';
import type { Remedy } from './remedy.ts';
import { type Sight, wholeUnder } from './sight.ts';
import type { Modelled } from './situation.ts';
import type { Policies } from './suspect.ts';

const MOST = 2;

/** The corrections of the mistakes and, to open the connection, the narrowest change beside them. */
export const openingRemedies = (
  sight: Sight,
  { world, policies }: Modelled,
  asked: Probe,
  found: readonly Found[],
): readonly Remedy[] => {
  const { changes, together } = advise({ world, policies }, asked);
  const [best] = changes;
  const narrow = together.length > 0 && (!best || best.closes > 0) ? together : best ? [best] : [];
  return [
    ...corrections(sight, asked, found, 'allow'),
    ...(narrow.length > 0 && !isTheSame(narrow, found) ? [{ kind: 'change' as const, changes: narrow }] : []),
  ];
};

/** Whether the change does what the correction of the only mistake does. */
const isTheSame = ([tried, ...others]: readonly TriedChange[], [first, ...more]: readonly Found[]): boolean =>
  others.length + more.length === 0 && tried?.change.kind === 'selector' && first?.cause.kind === 'labels';

/** The correction of the mistake; without one, what closes the connection and the fewest others. */
export const closingRemedies = (sight: Sight, asked: Probe, found: readonly Found[]): readonly Remedy[] => {
  const corrected = corrections(sight, asked, found, 'deny');
  if (corrected.length > 0) return corrected;
  return closings(sight)
    .filter(({ apply }) => wholeUnder(sight, apply(sight.model.policies), asked) === 'deny')
    .map(({ remedy, apply }): Remedy => ({ ...remedy, ...effect(sight, apply) }))
    .toSorted((a, b) => widthOf(a) - widthOf(b))
    .slice(0, MOST);
};

const widthOf = (remedy: Remedy): number => (remedy.kind === 'change' ? 0 : remedy.closes + remedy.opens);

const corrections = (
  sight: Sight,
  asked: Probe,
  found: readonly Found[],
  wanted: 'allow' | 'deny',
): readonly Remedy[] => {
  const mistakes = found.flatMap(({ cause, correct }) => (correct ? [cause as Mistake] : []));
  const apply = (policies: Policies): Policies => found.reduce((now, { correct }) => correct?.(now) ?? now, policies);
  if (mistakes.length === 0 || wholeUnder(sight, apply(sight.model.policies), asked) !== wanted) return [];
  return [{ kind: 'correct', mistakes, ...effect(sight, apply) }];
};

const effect = ({ model, connection }: Sight, apply: (policies: Policies) => Policies): Effect =>
  effectOf(model, withPolicies(model, apply(model.policies)), [connection]);
