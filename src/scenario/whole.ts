import type { Path, SourceDocument } from './document.ts';
import { expandPort } from './port.ts';
import type { Problem } from './problem.ts';
import type { Note } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { portText } from './topology.ts';
import { canServe, type Given, ordinalLabels, type Workload } from './workloads/index.ts';

type WrittenNamespace = NonNullable<WrittenScenario['namespaces']>[string];
type WrittenPod = NonNullable<WrittenNamespace['pods']>[string];

/** A pod of the whole scenario, and who says that it exists. */
interface Member {
  readonly name: string;
  readonly pod: WrittenPod;
  /** Its name in scenario.yaml; undefined if it stands in manifests alone. */
  readonly written: string | undefined;
  readonly workload: Workload | undefined;
}

/** A scenario together with the manifests that it takes its topology from. */
export interface Whole {
  /** As if all of it stood in scenario.yaml. Problems get the places where it really stands. */
  readonly document: SourceDocument;
  readonly notes: readonly Note[];
}

/** Labels and ports are added to, and everything else of the scenario's is taken instead of the manifest's. */
const joined = (workload: Workload | undefined, written: WrittenPod = {}): WrittenPod => {
  if (!workload) return written;
  const { hostNetwork = workload.hostNetwork } = written;
  const own = new Set((written.ports ?? []).map((port) => portText(expandPort(port))));
  const ports = workload.ports
    .filter((port) => !own.has(portText(port)) && canServe({ ...(hostNetwork && { hostNetwork }) }, port))
    .map(({ number: port, ...rest }) => ({ port, ...rest }));
  return {
    ...written,
    labels: { ...workload.labels, ...written.labels },
    ports: [...(written.ports ?? []), ...ports],
    ...(hostNetwork && { hostNetwork }),
  };
};

/** The declared ports that a pod in its node's network can't serve. */
const untested = ({ workload, pod }: Member): readonly Note[] => {
  if (!workload || pod.hostNetwork !== true) return [];
  const { file, line, column } = workload.document.problemAt([], '');
  return workload.ports
    .filter((port) => !canServe({ hostNetwork: true }, port))
    .map((port) => ({
      ...{ kind: 'not-tested', file, line, column, objectKind: workload.kind, reason: 'privileged' },
      name: `${workload.namespace}/${workload.name}`,
      port: portText(port),
    }));
};

/** A pod as many times as `replicas` says; those of a StatefulSet as Kubernetes numbers them. */
const replicated = (member: Member): readonly Member[] => {
  const { replicas = 1, ...pod } = member.pod;
  if (replicas === 1) return [{ ...member, pod }];
  const { name, workload } = member;
  const first = workload?.firstOrdinal;
  return Array.from({ length: replicas }, (_, index) => {
    const number = (first ?? 1) + index;
    const own = workload && first !== undefined ? ordinalLabels(workload.name, number) : {};
    return { ...member, name: `${name}-${number}`, pod: { ...pod, labels: { ...pod.labels, ...own } } };
  });
};

/** What manifests give and what scenario.yaml says, as one document. Problems go to `problems`. */
export const wholeOf = (document: SourceDocument, given: Given, problems: Problem[]): Whole => {
  const { namespaces: written = {} } = document.value as WrittenScenario;
  const namespaces = new Map<string, ReadonlyMap<string, Member>>();
  const notes: Note[] = [];
  for (const name of union(given.namespaces.keys(), document.keysAt(['namespaces']))) {
    const workloads = given.namespaces.get(name)?.pods ?? new Map<string, Workload>();
    const pods = Object.hasOwn(written, name) ? (written[name]?.pods ?? {}) : {};
    const members = new Map<string, Member>();
    for (const own of union(workloads.keys(), document.keysAt(['namespaces', name, 'pods']))) {
      const said = Object.hasOwn(pods, own) ? pods[own] : undefined;
      const workload = workloads.get(own);
      const member = { name: own, pod: joined(workload, said), written: said && own, workload };
      const path = ['namespaces', name, 'pods', own];
      if (said?.address !== undefined && (said.replicas ?? 1) > 1)
        problems.push(document.problemAt([...path, 'replicas'], 'several pods have no address in common'));
      for (const note of untested(member)) notes.push(note);
      for (const one of replicated(member)) {
        if (members.has(one.name))
          problems.push(document.problemAt([...path, 'replicas'], `${name}/${one.name} is another pod already`));
        else members.set(one.name, one);
      }
    }
    namespaces.set(name, members);
  }
  const value = {
    ...(document.value as WrittenScenario),
    namespaces: Object.fromEntries(
      [...namespaces].map(([name, members]) => [
        name,
        {
          labels: {
            ...given.namespaces.get(name)?.labels,
            ...(Object.hasOwn(written, name) ? written[name]?.labels : {}),
          },
          pods: Object.fromEntries([...members.values()].map((one) => [one.name, one.pod])),
        },
      ]),
    ),
  };
  const problemAt = (path: Path, message: string, hint?: string): Problem => {
    const [first, namespace, , pod, ...rest] = path.map(String);
    const member = first === 'namespaces' ? namespaces.get(namespace ?? '')?.get(pod ?? '') : undefined;
    if (member?.written !== undefined)
      return document.problemAt([...path.slice(0, 3), member.written, ...path.slice(4)], message, hint);
    if (member?.workload && rest.length >= 0) return member.workload.document.problemAt([], message, hint);
    return document.problemAt(path, message, hint);
  };
  const keysAt = (path: Path): readonly string[] => {
    const [first, namespace = ''] = path.map(String);
    if (first !== 'namespaces') return document.keysAt(path);
    if (path.length === 1) return [...namespaces.keys()];
    return path.length === 3 && path[2] === 'pods'
      ? [...(namespaces.get(namespace)?.keys() ?? [])]
      : document.keysAt(path);
  };
  return { document: { ...document, value, problemAt, keysAt }, notes };
};

const union = (...all: readonly Iterable<string>[]): ReadonlySet<string> => new Set(all.flatMap((one) => [...one]));
