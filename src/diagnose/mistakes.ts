/** The mistakes that explain a side of a connection: each was corrected, and the model tried the result. */
import type { Direction } from '../model/index.ts';
import type { Mistake } from './cause.ts';
import { orForAnd } from './or-for-and.ts';
import { peerMistakes } from './peer-mistakes.ts';
import { notAppliedMistakes, typesExtra } from './policy-mistakes.ts';
import { portMistakes } from './port-mistakes.ts';
import { type Sight, sideUnder } from './sight.ts';
import type { Suspect } from './suspect.ts';

/** Among mistakes that explain a side equally well, the first is reported. */
const ORDER: readonly Mistake['kind'][] = [
  'service-port',
  'named-port',
  'types-missing',
  'and-for-or',
  'or-for-and',
  'labels',
  'namespace',
  'no-namespace-selector',
  'types-extra',
];

/** The mistake that most likely blocks a side: corrected, it lets the connection through. Or two of one rule, which do so together. */
export const blockingMistakes = (sight: Sight, direction: Direction): readonly Suspect[] => {
  const one = firstOf(
    sight,
    direction,
    [
      ...portMistakes(sight, direction),
      ...notAppliedMistakes(sight, direction),
      ...peerMistakes(sight, direction),
      ...typesExtra(sight, direction),
    ],
    'allow',
  );
  return one ? [one] : bothOfOneRule(sight, direction);
};

const bothOfOneRule = (sight: Sight, direction: Direction): readonly Suspect[] => {
  const ports = portMistakes(sight, direction, true);
  for (const peer of peerMistakes(sight, direction, true).filter(({ certain }) => certain)) {
    const port = ports.find(({ mistake }) => areOfOneRule(mistake, peer.mistake));
    if (port && sideUnder(sight, port.correct(peer.correct(sight.model.policies)), direction) === 'allow')
      return [peer, port];
  }
  return [];
};

const areOfOneRule = (one: Mistake, other: Mistake): boolean =>
  'rule' in one && 'rule' in other && one.policy === other.policy && one.rule === other.rule;

/** The mistake that most likely keeps a side open: corrected, it blocks the connection. */
export const openingMistake = (sight: Sight, direction: Direction): Suspect | null =>
  firstOf(sight, direction, [...notAppliedMistakes(sight, direction), ...orForAnd(sight, direction)], 'deny');

const firstOf = (
  sight: Sight,
  direction: Direction,
  suspects: readonly Suspect[],
  wanted: 'allow' | 'deny',
): Suspect | null => {
  const { policies } = sight.model;
  const telling = suspects
    .filter(({ certain }) => certain)
    .filter(({ correct }) => sideUnder(sight, correct(policies), direction) === wanted);
  return telling.toSorted((a, b) => ORDER.indexOf(a.mistake.kind) - ORDER.indexOf(b.mistake.kind))[0] ?? null;
};
