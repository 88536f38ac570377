import type { Path, SourceDocument } from './document.ts';
import { type Member, membersOf, untestedPorts, type WrittenNamespace } from './members.ts';
import type { Problem } from './problem.ts';
import type { Note } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import type { Given } from './workloads/index.ts';

/** A scenario together with the manifests that it takes its topology from. */
export interface Whole {
  /** As if all of it stood in scenario.yaml; its problems have the places where things really stand. */
  readonly document: SourceDocument;
  readonly notes: readonly Note[];
}

type Members = ReadonlyMap<string, Member>;

/** The namespaces of both, those of the manifests first, with their pods and all `replicas` of those. */
export const wholeOf = (document: SourceDocument, given: Given, problems: Problem[]): Whole => {
  const scenario = document.value as WrittenScenario;
  const written = new Map(Object.entries(scenario.namespaces ?? {}));
  const names = new Set([...given.namespaces.keys(), ...document.keysAt(['namespaces'])]);
  const namespaces = new Map<string, Members>(
    [...names].map((name) => [
      name,
      membersOf(document, name, given.namespaces.get(name), written.get(name), problems),
    ]),
  );
  const writtenOf = ([name, members]: readonly [string, Members]): readonly [string, WrittenNamespace] => [
    name,
    {
      labels: { ...given.namespaces.get(name)?.labels, ...written.get(name)?.labels },
      pods: Object.fromEntries([...members].map(([own, { pod }]) => [own, pod])),
    },
  ];
  const value = { ...scenario, namespaces: Object.fromEntries([...namespaces].map(writtenOf)) };
  const all = [...namespaces.values()].flatMap((members) => [...members.values()]);
  return { document: { ...document, value, ...placesIn(document, namespaces) }, notes: all.flatMap(untestedPorts) };
};

/** Finds what stands in scenario.yaml there, under its name there, and what manifests have at the workload. */
const placesIn = (
  document: SourceDocument,
  namespaces: ReadonlyMap<string, Members>,
): Pick<SourceDocument, 'keysAt' | 'problemAt'> => ({
  keysAt: (path) => {
    const [top, namespace = '', pods] = path.map(String);
    if (top === 'namespaces' && path.length === 1) return [...namespaces.keys()];
    if (top === 'namespaces' && pods === 'pods' && path.length === 3)
      return [...(namespaces.get(namespace)?.keys() ?? [])];
    return document.keysAt(path);
  },
  problemAt: (path, message, hint) => {
    const [top, namespace = '', , name = ''] = path.map(String);
    const member = top === 'namespaces' ? namespaces.get(namespace)?.get(name) : undefined;
    if (!member) return document.problemAt(path, message, hint);
    const { written, workload } = member;
    const place: Path = [...path.slice(0, 3), written ?? name, ...path.slice(4)];
    return written === undefined && workload
      ? workload.document.problemAt([], message, hint)
      : document.problemAt(place, message, hint);
  },
});
