import type { SourceDocument } from './document.ts';
import type { WrittenPort } from './field.ts';
import { expandPort } from './port.ts';
import type { Problem } from './problem.ts';
import type { Note, Port } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { dnsLabelProblem } from './syntax.ts';
import { portText } from './topology.ts';
import { canServe, type GivenPods, ordinalLabels, type Workload } from './workloads/index.ts';

export type WrittenNamespace = NonNullable<WrittenScenario['namespaces']>[string];
type WrittenPod = NonNullable<WrittenNamespace['pods']>[string];

/** A pod of a scenario, from its manifests, from scenario.yaml or from both. */
export interface Member {
  readonly name: string;
  readonly pod: WrittenPod;
  /** What scenario.yaml calls it; undefined if only manifests have it. */
  readonly written: string | undefined;
  readonly workload: Workload | undefined;
}

/** The pod of a workload about which scenario.yaml says nothing. Workloads share lists of ports, and so do their pods. */
const alone = ({ hostNetwork, labels, ports }: Workload): WrittenPod =>
  hostNetwork
    ? { labels, ports: ports.filter((port) => canServe(true, port)).map(writtenPort), hostNetwork }
    : { labels, ports: writtenPorts(ports) };

const writtenPort = ({ number: port, ...rest }: Port): WrittenPort => ({ port, ...rest });

const known = new WeakMap<readonly Port[], WrittenPort[]>();

const writtenPorts = (ports: readonly Port[]): WrittenPort[] => {
  const written = known.get(ports) ?? ports.map(writtenPort);
  known.set(ports, written);
  return written;
};

/** Labels and ports of scenario.yaml add to the manifest's and win over them; everything else replaces it. */
const joined = (workload: Workload | undefined, written: WrittenPod): WrittenPod => {
  if (!workload) return written;
  const { hostNetwork = workload.hostNetwork, ports = [] } = written;
  const own = new Set(ports.map((port) => portText(expandPort(port))));
  const declared = workload.ports
    .filter((port) => !own.has(portText(port)) && canServe(hostNetwork, port))
    .map(writtenPort);
  return {
    ...written,
    labels: { ...workload.labels, ...written.labels },
    ports: [...ports, ...declared],
    ...(hostNetwork && { hostNetwork }),
  };
};

/** The declared ports that a pod in its node's network can't serve. */
export const untestedPorts = ({ workload, pod }: Member): readonly Note[] => {
  if (!workload || pod.hostNetwork !== true) return [];
  const { kind: objectKind, namespace, name, ports, document } = workload;
  const { file, line, column } = document.problemAt([], '');
  const place = { file, line, column };
  return ports
    .filter((port) => !canServe(true, port))
    .map((port) => ({
      ...{ kind: 'not-tested', ...place, objectKind, name: `${namespace}/${name}`, reason: 'privileged' },
      port: portText(port),
    }));
};

/** A pod as many times as `replicas` says. Those of a StatefulSet are numbered as Kubernetes numbers them. */
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

/** A pod about which scenario.yaml says something, as many times as it says. */
const writtenMembers = (
  name: string,
  said: WrittenPod,
  workload: Workload | undefined,
  tell: (message: string) => void,
): readonly Member[] => {
  const { address, ...pod } = joined(workload, said);
  const isOne = (pod.replicas ?? 1) === 1;
  if (address !== undefined && !isOne) tell('several pods have no address in common');
  const whole = { ...pod, ...(isOne && address !== undefined && { address }) };
  return replicated({ name, pod: whole, written: name, workload });
};

/**
 * The pods of one namespace by name, those of the manifests first. Replicas that can't be go to `problems`, and so does
 * an address for several of them.
 */
export const membersOf = (
  document: SourceDocument,
  namespace: string,
  given: GivenPods | undefined,
  written: WrittenNamespace | undefined,
  problems: Problem[],
): ReadonlyMap<string, Member> => {
  const members = new Map<string, Member>();
  const workloads: ReadonlyMap<string, Workload> = given?.pods ?? new Map();
  const pods = new Map(Object.entries(written?.pods ?? {}));
  const names = written ? document.keysAt(['namespaces', namespace, 'pods']) : [];
  for (const name of new Set([...workloads.keys(), ...names])) {
    const [workload, said] = [workloads.get(name), pods.get(name)];
    const tell = (message: string): void =>
      void problems.push(document.problemAt(['namespaces', namespace, 'pods', name, 'replicas'], message));
    // Nearly all pods of a large cluster are known from their manifests alone.
    const own =
      workload && !said
        ? [{ name, pod: alone(workload), written: undefined, workload }]
        : writtenMembers(name, said ?? {}, workload, tell);
    for (const one of own) {
      const problem = dnsLabelProblem('pod name', one.name);
      if (problem !== undefined) tell(problem);
      else if (members.has(one.name)) tell(`${namespace}/${one.name} is already another pod`);
      else members.set(one.name, one);
    }
  }
  return members;
};
