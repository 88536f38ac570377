import { endName } from '../../model/index.ts';
import { LIMITS } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { Note } from '../scenario.ts';
import type { GivenService } from './given-service.ts';
import { lastOnes } from './last-ones.ts';
import { podNames } from './pod-names.ts';
import { type GivenObject, nameOf, placeOf } from './read-objects.ts';
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

const isWorkload = (object: GivenObject): object is Workload =>
  object.kind !== 'Namespace' && object.kind !== 'Service';

/** The topology that objects describe; `others` are namespaces that policies name. Too many go to `problems`. */
export const givenBy = (
  read: readonly GivenObject[],
  others: readonly string[],
  problems: Problem[],
  mostPods: number = LIMITS.pods,
): Given => {
  const notes: Note[] = [];
  const objects = lastOnes(read, notes);
  const workloads = withoutRepresented(objects.filter(isWorkload));
  const [tooMany] = workloads.slice(mostPods);
  if (tooMany) {
    const message = `${workloads.length} workloads: at most ${mostPods} in a scenario`;
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
  ...placeOf(workload, ['metadata', 'name']),
  objectKind: workload.kind,
  name: nameOf(workload),
  endpoint: endName({ kind: 'pod', namespace: workload.namespace, name: pod }),
});
