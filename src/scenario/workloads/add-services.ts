import { LIMITS } from '../limits.ts';
import type { Problem } from '../problem.ts';
import type { Namespace, Note, Pod, Port, Service, Topology } from '../scenario.ts';
import { podsOf } from '../topology.ts';
import type { GivenService } from './given-service.ts';
import { backendsOf, serve } from './serve.ts';

export interface WithServices {
  readonly topology: Topology;
  readonly notes: readonly Note[];
}

const withPorts = (pod: Pod, added: readonly Port[]): Pod => {
  const own = new Set(pod.ports.map(({ number, protocol }) => `${number}/${protocol}`));
  const missing = added.filter(({ number, protocol }) => !own.has(`${number}/${protocol}`));
  return missing.length === 0 ? pod : { ...pod, ports: [...pod.ports, ...missing] };
};

/**
 * A topology with the Services of manifests before its own, whose pods serve their target ports whether a container
 * declares them or not. A Service of the same name in scenario.yaml wins.
 */
export const addServices = (topology: Topology, given: readonly GivenService[], problems: Problem[]): WithServices => {
  const written = new Set(topology.services.map(({ namespace, name }) => `${namespace}/${name}`));
  const wanted = given.filter(({ namespace, name }) => !written.has(`${namespace}/${name}`));
  const [tooMany] = wanted.slice(Math.max(LIMITS.services - written.size, 0));
  if (tooMany) {
    const count = wanted.length + written.size;
    problems.push(tooMany.document.problemAt([], `${count} services: at most ${LIMITS.services} in a scenario`));
    return { topology, notes: [] };
  }
  const namespaces = new Map<string, Namespace>(topology.namespaces.map((one) => [one.name, one]));
  const services: Service[] = [];
  const notes: Note[] = [];
  const sources = podsOf(topology).length;
  let ways = 0;
  for (const one of wanted) {
    const namespace = namespaces.get(one.namespace);
    const backends = backendsOf(one, namespace?.pods ?? []);
    ways += sources * backends.length * one.ports.length;
    if (ways > LIMITS.ways) {
      const message = `more than ${LIMITS.ways} ways to a backend of a Service: at most ${LIMITS.ways} in a scenario`;
      problems.push(one.document.problemAt([], message));
      break;
    }
    const { service, added, untested } = serve(one, backends);
    if (service) services.push(service);
    const { file, line, column } = one.document.problemAt([], '');
    const name = `${one.namespace}/${one.name}`;
    for (const { reason, port } of untested)
      notes.push({
        ...{ kind: 'not-tested', file, line, column, objectKind: 'Service', name, reason },
        ...(port && { port: `${port.number}/${port.protocol}` }),
      });
    if (!namespace || added.size === 0) continue;
    const pods = namespace.pods.map((pod) => withPorts(pod, added.get(pod.endpoint) ?? []));
    namespaces.set(one.namespace, { ...namespace, pods });
    for (const { endpoint, ports } of pods)
      if (ports.length > LIMITS.ports)
        problems.push(
          one.document.problemAt(['spec', 'ports'], `${ports.length} ports of ${endpoint}: at most ${LIMITS.ports}`),
        );
  }
  return {
    topology: { ...topology, namespaces: [...namespaces.values()], services: [...services, ...topology.services] },
    notes,
  };
};
