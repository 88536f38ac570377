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

/** The mistake that most likely blocks a side: corrected, it lets the connection through. */
export const blockingMistake = (sight: Sight, direction: Direction): Suspect | null =>
  firstOf(
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
