import type { AddressRange } from './address.ts';
import { type Dns, dnsOf } from './cluster-dns.ts';
import { isolates, type Model } from './decide.ts';
import { type Endpoint, endpointsOf, nodeEndpoint } from './endpoint.ts';
import type { Direction, NetworkPolicy } from './policy.ts';
import { serviceRangesOf } from './service-ranges.ts';
import { type ServiceWay, waysTo } from './service-way.ts';
import type { World } from './world.ts';

/**
 * Prepares policies to decide about the pods and hosts of a world. Throws a RangeError for an invalid World: a pod in
 * no namespace, a name given twice, an invalid address.
 */
export const compile = (world: World, policies: readonly NetworkPolicy[]): Model => {
  // Filled once the endpoints are known, because a default range that contains one of their addresses is dropped.
  const never: AddressRange[] = [];
  const endpoints = endpointsByName(world, never);
  const nodeEndpoints = world.nodes?.map((node) => nodeEndpoint(node, world.families, never)) ?? [];
  const nodes = new Map(nodeEndpoints.map((node) => [node.name, node]));
  const ways = waysTo(world.services);
  const dns = dnsOf(world, endpoints.values(), never);
  never.push(...serviceRangesOf(world, [...endpoints.values(), ...nodes.values(), ...dns.servers]));
  const serviceRanges = world.serviceRanges ? never : null;
  return modelOf({ endpoints, ways, nodes, dns, serviceRanges }, policies);
};

/** The same endpoints under other policies. */
export const withPolicies = (model: Model, policies: readonly NetworkPolicy[]): Model => modelOf(model, policies);

interface Ends {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly ways: ReadonlyMap<string, ServiceWay>;
  readonly nodes: ReadonlyMap<string, Endpoint>;
  readonly dns: Dns;
  readonly serviceRanges: readonly AddressRange[] | null;
}

const endpointsByName = (world: World, never: readonly AddressRange[]): ReadonlyMap<string, Endpoint> => {
  const endpoints = new Map<string, Endpoint>();
  for (const endpoint of endpointsOf(world, never)) {
    if (endpoints.has(endpoint.name)) throw new RangeError(`this world has two endpoints ${endpoint.name}`);
    endpoints.set(endpoint.name, endpoint);
  }
  return endpoints;
};

const NONE: readonly NetworkPolicy[] = [];

const modelOf = (ends: Ends, policies: readonly NetworkPolicy[]): Model => {
  const { endpoints, ways, nodes, dns, serviceRanges } = ends;
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
    ways,
    nodes,
    dns,
    serviceRanges,
    isolating: (endpoint, direction) => {
      const policiesOf = known[direction].get(endpoint) ?? find(endpoint, direction);
      known[direction].set(endpoint, policiesOf);
      return policiesOf;
    },
  };
};
