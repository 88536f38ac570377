import type { CellGroup, ComparedResult } from '../../compare/index.ts';
import type { Annotation } from '../annotations.ts';
import { forbiddenChanges } from './verdict.ts';
import { CHANGE_WORDS, cellsText, whyText } from './words.ts';

/** Forbidden changes are errors; all others that open or close something are warnings. */
export const comparedAnnotations = (result: ComparedResult): readonly Annotation[] => {
  const forbidden = new Set(forbiddenChanges(result));
  const changed = result.comparisons.flatMap(({ name, after, groups }) =>
    groups
      .filter(({ change }) => change === 'opened' || change === 'closed' || change.startsWith('may-'))
      .map((group): Annotation => {
        const level = forbidden.has(group) ? 'error' : 'warning';
        const message = `${CHANGE_WORDS[group.change]}: ${cellsText(group)}; ${whyText(group)}`;
        return { level, place: placeOf(group, after, result), title: name, message };
      }),
  );
  return changed.toSorted((one, other) => Number(one.level !== 'error') - Number(other.level !== 'error'));
};

/** In a file as it is after the change, if there is one; without the name of its revision. */
const placeOf = ({ causes }: CellGroup, file: string, { after }: ComparedResult): Annotation['place'] => {
  const now = causes.find(({ effect }) => effect === 'allows' || effect === 'isolates');
  const place = (now ?? causes[0])?.place ?? { file, line: 1 };
  const prefix = `${after}:`;
  return place.file.startsWith(prefix) ? { ...place, file: place.file.slice(prefix.length) } : place;
};
