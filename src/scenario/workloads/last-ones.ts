import { isDeepStrictEqual } from 'node:util';
import type { Note } from '../scenario.ts';
import { type GivenObject, nameOf, placeOf } from './read-objects.ts';

/**
 * Of several objects with one kind and name the last, as kubectl applies them one after the other; in the order of the
 * first ones. What stands twice goes to `notes`: equal objects once for each file.
 */
export const lastOnes = (objects: readonly GivenObject[], notes: Note[]): readonly GivenObject[] => {
  const known = new Map<string, GivenObject>();
  const repeated: GivenObject[] = [];
  for (const object of objects) {
    const key = `${object.kind} ${nameOf(object)}`;
    const first = known.get(key);
    if (first && isDeepStrictEqual({ ...first, document: null }, { ...object, document: null })) repeated.push(object);
    else {
      if (first) notes.push(replacedNote(first, object));
      known.set(key, object);
    }
  }
  for (const own of Map.groupBy(repeated, ({ document }) => document.file).values())
    for (const note of repeatedNote(own)) notes.push(note);
  return [...known.values()];
};

const replacedNote = (first: GivenObject, object: GivenObject): Note => {
  const { file, line } = placeOf(first);
  return {
    ...{ kind: 'replaced', ...placeOf(object), objectKind: object.kind, name: nameOf(object) },
    first: `${file}:${line}`,
  };
};

const repeatedNote = (repeated: readonly GivenObject[]): readonly Note[] => {
  const [first] = repeated;
  if (!first) return [];
  const objects = [...Map.groupBy(repeated, ({ kind }) => kind)].map(([kind, { length }]) => ({ kind, count: length }));
  return [{ kind: 'repeated-objects', ...placeOf(first), objects }];
};
