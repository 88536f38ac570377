import { LIMITS } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { Namespace, Note, Pod, Port, Service, Topology } from '../scenario.ts';
import { podsOf, portText } from '../topology.ts';
import { aliasIn } from './aliases.ts';
import type { GivenService } from './given-service.ts';
import { backendsOf, type Served, serve } from './serve.ts';

const nameOf = ({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string => `${namespace}/${name}`;

const withPorts = (pod: Pod, targets: readonly Port[]): Pod => {
  const own = new Set(pod.ports.map(portText));
  const missing = new Map(
    targets.flatMap((port) => (own.has(portText(port)) ? [] : [[portText(port), port] as const])),
  );
  return missing.size === 0 ? pod : { ...pod, ports: [...pod.ports, ...missing.values()] };
};

const notesOn = (given: GivenService, untested: Served['untested']): readonly Note[] => {
  const { file, line, column } = given.document.problemAt([], '');
  return untested.map(({ reason, port }) => ({
    ...{ kind: 'not-tested', file, line, column, objectKind: 'Service', name: nameOf(given), reason },
    ...(port && { port: portText(port) }),
  }));
};

/**
 * A topology with the Services of manifests before its own, and with pods that serve their target ports even if no
 * container declares them. A Service of the same name in scenario.yaml wins. Too much of anything goes to `problems`.
 */
export const addServices = (
  topology: Topology,
  all: readonly GivenService[],
  problems: Problem[],
): { readonly topology: Topology; readonly notes: readonly Note[] } => {
  const written = new Set(topology.services.map(nameOf));
  const namespaces = new Map<string, Namespace>(topology.namespaces.map((one) => [one.name, one]));
  const services: Service[] = [];
  const notes: Note[] = [];
  const sources = podsOf(topology).length;
  let count = written.size;
  let ways = 0;
  const [aliases, others] = partitionAliases(all.filter((given) => !written.has(nameOf(given))));
  for (const given of others) {
    const namespace = namespaces.get(given.namespace) ?? { name: given.namespace, labels: {}, pods: [] };
    const backends = backendsOf(given, namespace.pods);
    count += 1;
    ways += sources * backends.length * given.ports.length;
    const excess = whyTooMuch(count, ways);
    if (excess !== null) {
      problems.push(given.document.problemAt([], `${excess} in a scenario`));
      break;
    }
    const { service, targets, untested } = serve(given, backends);
    if (service) services.push(service);
    for (const note of notesOn(given, untested)) notes.push(note);
    const pods = namespace.pods.map((pod) => withPorts(pod, targets.get(pod.endpoint) ?? []));
    namespaces.set(namespace.name, { ...namespace, pods });
    const full = pods.find(({ ports, endpoint }) => targets.has(endpoint) && ports.length > LIMITS.ports);
    if (full) {
      const message = `${full.ports.length} ports of ${full.endpoint}: at most ${LIMITS.ports}`;
      problems.push(given.document.problemAt(['spec', 'ports'], message));
    }
  }
  const named = [...services, ...topology.services];
  for (const given of aliases) {
    count += 1;
    const excess = whyTooMuch(count, ways);
    if (excess !== null) {
      problems.push(given.document.problemAt([], `${excess} in a scenario`));
      break;
    }
    const alias = aliasIn(named, given);
    if ('service' in alias) named.push(alias.service);
    else notes.push(...notesOn(given, [alias]));
  }
  return { topology: { ...topology, namespaces: [...namespaces.values()], services: named }, notes };
};

const partitionAliases = (
  all: readonly GivenService[],
): readonly [readonly GivenService[], readonly GivenService[]] => [
  all.filter(({ type }) => type === 'ExternalName'),
  all.filter(({ type }) => type !== 'ExternalName'),
];

const whyTooMuch = (services: number, ways: number): string | null => {
  if (services > LIMITS.services) return `more than ${LIMITS.services} services`;
  return ways > LIMITS.ways ? `more than ${LIMITS.ways} ways to a backend of a Service` : null;
};
