import type { CellGroup, ComparedResult, Comparison } from '../../compare/index.ts';
import { type Annotation, annotationsOf } from '../annotations.ts';
import { forbiddenChanges } from './verdict.ts';
import { CHANGE_WORDS, cellsText, whyText } from './words.ts';

/** Forbidden changes, and what is not as predicted live, are errors; all others that open or close something are warnings. */
export const comparedAnnotations = (result: ComparedResult): readonly Annotation[] => {
  const forbidden = new Set(forbiddenChanges(result));
  const changed = result.comparisons.flatMap((comparison) => {
    const { name, after, groups } = comparison;
    const found = groups
      .filter(({ change }) => change === 'opened' || change === 'closed' || change.startsWith('may-'))
      .map((group): Annotation => {
        const level = forbidden.has(group) ? 'error' : 'warning';
        const message = `${CHANGE_WORDS[group.change]}: ${cellsText(group)}; ${whyText(group)}`;
        return { level, place: placeOf(group, after, result), title: name, message };
      });
    return [...liveAnnotations(comparison, result), ...found];
  });
  return changed.toSorted((one, other) => Number(one.level !== 'error') - Number(other.level !== 'error'));
};

/** In a file as it is after the change, if there is one. */
const placeOf = ({ causes }: CellGroup, file: string, result: ComparedResult): Annotation['place'] => {
  const nows = causes.flatMap(({ effect, place, now = place }) =>
    effect === 'allows' || effect === 'isolates' || now !== place ? (now ?? []) : [],
  );
  return withoutRevision(nows[0] ?? causes[0]?.place ?? { file, line: 1 }, result);
};

const withoutRevision = (place: Annotation['place'], { after }: ComparedResult): Annotation['place'] => {
  const prefix = `${after}:`;
  return place.file.startsWith(prefix) ? { ...place, file: place.file.slice(prefix.length) } : place;
};

const liveAnnotations = ({ name, after, live }: Comparison, result: ComparedResult): readonly Annotation[] =>
  live
    ? annotationsOf({ scenarios: [{ ...live, name, file: after, timings: {} }], timings: {} }).map((annotation) => ({
        ...annotation,
        place: withoutRevision(annotation.place, result),
      }))
    : [];
