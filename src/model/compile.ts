import { isolates, type Model } from './decide.ts';
import { type Endpoint, endpointsOf, nodeEndpoint } from './endpoint.ts';
import type { Direction, NetworkPolicy } from './policy.ts';
import type { World, WorldService } from './world.ts';

/**
 * Makes policies ready to decide about the pods and hosts of a world. Throws a RangeError for what a World may not hold:
 * a pod in no namespace, a name given twice, an address that is none.
 */
export const compile = (world: World, policies: readonly NetworkPolicy[]): Model =>
  modelOf(
    {
      endpoints: endpointsByName(world),
      services: new Map(world.services?.map((service) => [`${service.namespace}/${service.name}`, service])),
      nodes: new Map(world.nodes?.map((node) => [`node:${node.name}`, nodeEndpoint(node, world.families)])),
    },
    policies,
  );

/** The same endpoints under other policies. */
export const withPolicies = (model: Model, policies: readonly NetworkPolicy[]): Model => modelOf(model, policies);

interface Ends {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly services: ReadonlyMap<string, WorldService>;
  readonly nodes: ReadonlyMap<string, Endpoint>;
}

const endpointsByName = (world: World): ReadonlyMap<string, Endpoint> => {
  const endpoints = new Map<string, Endpoint>();
  for (const endpoint of endpointsOf(world)) {
    if (endpoints.has(endpoint.name)) throw new RangeError(`this world has two endpoints ${endpoint.name}`);
    endpoints.set(endpoint.name, endpoint);
  }
  return endpoints;
};

const NONE: readonly NetworkPolicy[] = [];

const modelOf = ({ endpoints, services, nodes }: Ends, policies: readonly NetworkPolicy[]): Model => {
  const byNamespace = Map.groupBy(policies, ({ namespace }) => namespace);
  const known = {
    ingress: new Map<Endpoint, readonly NetworkPolicy[]>(),
    egress: new Map<Endpoint, readonly NetworkPolicy[]>(),
  };
  const find = (endpoint: Endpoint, direction: Direction): readonly NetworkPolicy[] => {
    const near = endpoint.namespace && byNamespace.get(endpoint.namespace.name);
    return near ? near.filter((policy) => isolates(policy, endpoint, direction)) : NONE;
  };
  return {
    policies,
    endpoints,
    services,
    nodes,
    isolating: (endpoint, direction) => {
      const policiesOf = known[direction].get(endpoint) ?? find(endpoint, direction);
      known[direction].set(endpoint, policiesOf);
      return policiesOf;
    },
  };
};
