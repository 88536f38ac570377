import { isDeepStrictEqual } from 'node:util';
import type { Path, SourceDocument } from '../document.ts';
import { LIMITS } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { Note } from '../scenario.ts';
import type { GivenService } from './given-service.ts';
import { podNames } from './pod-names.ts';
import { type GivenObject, readObject } from './read-objects.ts';
import { withoutRepresented } from './represented.ts';
import type { Workload } from './workload.ts';

/** What manifests say of a topology. */
export interface Given {
  /** Every namespace that an object names, in their order. */
  readonly namespaces: ReadonlyMap<string, GivenPods>;
  readonly services: readonly GivenService[];
  readonly notes: readonly Note[];
}

export interface GivenPods {
  readonly labels: Readonly<Record<string, string>>;
  /** By the name of the pod. */
  readonly pods: ReadonlyMap<string, Workload>;
}

export const NOTHING_GIVEN: Given = { namespaces: new Map(), services: [], notes: [] };

const nameOf = (object: GivenObject): string =>
  object.kind === 'Namespace' ? object.name : `${object.namespace}/${object.name}`;

const placeOf = (document: SourceDocument, path: Path = []) => {
  const { file, line, column } = document.problemAt(path, '');
  return { file, line, column };
};

/**
 * Of several objects with one kind and name the last, as kubectl applies them one after the other. The order is that of
 * the first ones. Notes say what stands twice: equal objects once for each file.
 */
const lastOnes = (objects: readonly GivenObject[], notes: Note[]): readonly GivenObject[] => {
  const known = new Map<string, GivenObject>();
  const repeated: GivenObject[] = [];
  for (const object of objects) {
    const key = `${object.kind} ${nameOf(object)}`;
    const first = known.get(key);
    if (first && isDeepStrictEqual({ ...first, document: null }, { ...object, document: null })) repeated.push(object);
    else {
      if (first) notes.push({ kind: 'replaced', ...twice(first, object), name: nameOf(object) });
      known.set(key, object);
    }
  }
  for (const [, [first, ...others]] of Map.groupBy(repeated, ({ document }) => document.file)) {
    if (!first) continue;
    const counts = Map.groupBy([first, ...others], ({ kind }) => kind);
    const objects = [...counts].map(([kind, { length }]) => ({ kind, count: length }));
    notes.push({ kind: 'repeated-objects', ...placeOf(first.document), objects });
  }
  return [...known.values()];
};

const twice = (first: GivenObject, object: GivenObject) => {
  const { file, line } = placeOf(first.document);
  return { ...placeOf(object.document), objectKind: object.kind, first: `${file}:${line}` };
};

const isWorkload = (object: GivenObject): object is Workload =>
  object.kind !== 'Namespace' && object.kind !== 'Service';

/**
 * The topology that objects describe. `others` are namespaces that policies name; `fallback` is the one of objects that
 * name none. What the API server would refuse goes to `problems`.
 */
export const givenBy = (
  documents: readonly SourceDocument[],
  others: readonly string[],
  fallback: string,
  problems: Problem[],
): Given => {
  const notes: Note[] = [];
  const read = documents.flatMap((document) => readObject(document, fallback, problems) ?? []);
  const objects = lastOnes(read, notes);
  const workloads = withoutRepresented(objects.filter(isWorkload));
  const [tooMany] = workloads.slice(LIMITS.pods);
  if (tooMany) {
    const message = `${workloads.length} workloads: at most ${LIMITS.pods} in a scenario`;
    problems.push(tooMany.document.problemAt([], message));
    return NOTHING_GIVEN;
  }
  const names = podNames(workloads);
  const pods = Map.groupBy(workloads, ({ namespace }) => namespace);
  const declared = new Map(objects.flatMap((one) => (one.kind === 'Namespace' ? [[one.name, one] as const] : [])));
  const services = objects.filter((one) => one.kind === 'Service');
  const all = [...declared.keys(), ...pods.keys(), ...services.map(({ namespace }) => namespace), ...others];
  for (const [workload, pod] of names) if (pod !== workload.name) notes.push(renamedNote(workload, pod));
  return {
    namespaces: new Map(
      [...new Set(all)].map((name) => [
        name,
        {
          labels: declared.get(name)?.labels ?? {},
          pods: new Map((pods.get(name) ?? []).map((one) => [names.get(one) ?? one.name, one])),
        },
      ]),
    ),
    services,
    notes,
  };
};

const renamedNote = (workload: Workload, pod: string): Note => ({
  kind: 'renamed',
  ...placeOf(workload.document, ['metadata', 'name']),
  objectKind: workload.kind,
  name: nameOf(workload),
  endpoint: `${workload.namespace}/${pod}`,
});
