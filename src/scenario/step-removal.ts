import type { Topology } from './scenario.ts';
import { createNoSuch, type TellStep, type Thing, thingsIn } from './step-things.ts';

/** The topology without these pods and namespaces; those that are not there, or can't go, are told. */
export const removeFrom = (topology: Topology, names: readonly string[], tell: TellStep): Topology => {
  const things = thingsIn(topology);
  const noSuch = createNoSuch(things);
  const gone = new Set<Thing>();
  for (const [at, name] of names.entries()) {
    const thing = things.get(name);
    const why = thing ? (gone.has(thing) ? `duplicate ${name}` : whyKept(thing, topology)) : noSuch(name);
    if (why !== null) tell(['remove', at], why);
    else if (thing) gone.add(thing);
  }
  if (gone.size === 0) return topology;
  const stays = (name: string): boolean => !gone.has(things.get(name) as Thing);
  return {
    ...topology,
    namespaces: topology.namespaces
      .filter(({ name }) => stays(`namespace:${name}`))
      .map((namespace) => ({ ...namespace, pods: namespace.pods.filter(({ endpoint }) => stays(endpoint)) })),
  };
};

/** Why something must stay: other parts of the topology depend on it, and no step changes those. */
const whyKept = (thing: Thing, { nodes, services }: Topology): string | null => {
  const pods = thing.kind === 'pod' ? [thing.pod] : thing.namespace.pods;
  const node = nodes.find(({ runs }) => pods.some(({ endpoint }) => endpoint === runs.pod));
  if (node) return `${node.runs.pod} has to stay: it says which node ${node.endpoint} is`;
  const own = services.find(({ namespace }) => thing.kind === 'namespace' && thing.namespace.name === namespace);
  return own ? `namespace ${own.namespace} has to stay: it has the Service ${own.name}` : null;
};
