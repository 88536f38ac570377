import { type Deployment, isHost, isService } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Situation } from '../matrix/index.ts';
import type { WorldDns } from '../model/index.ts';
import { addressKey, familyOf, podsOf } from '../scenario/index.ts';

type Deployed = Pick<Deployment, 'topology' | 'endpoints' | 'families'>;

/**
 * What the model learns from a deployment: families, addresses, and which pods run on which node; and the cluster's DNS
 * servers, where they are known.
 */
export const situationOf = (
  { topology, endpoints, families }: Deployed,
  dns?: WorldDns,
): Omit<Situation, 'policies'> => {
  const placed = [...endpoints.values()].flatMap((one) => (isHost(one) || isService(one) ? [] : one));
  const residents = topology.nodes.map(({ endpoint: node }): [string, ReadonlySet<string>] => {
    const where = placed.find(({ endpoint }) => endpoint === node)?.node;
    const here = placed.flatMap((one) => (one.kind === 'pod' && one.node === where ? one.endpoint : []));
    return [node, new Set(here)];
  });
  return {
    topology,
    families,
    addresses: new Map(placed.map(({ endpoint, addresses }) => [endpoint, addresses])),
    residents: new Map(residents),
    ...(dns && { dns }),
  };
};

/**
 * A CNI other than Calico ignores the annotation that pins an address, and then ipBlocks mean something else. Throws a
 * PodreachError if a pod does not have the address that its scenario pins it to.
 */
export const requirePinned = ({ topology, endpoints }: Pick<Deployment, 'topology' | 'endpoints'>): void => {
  for (const { endpoint, addresses = [] } of podsOf(topology)) {
    const given = endpoints.get(endpoint)?.addresses;
    for (const address of given ? addresses : []) {
      if (given?.some((one) => addressKey(one) === addressKey(address))) continue;
      const own = given?.find((one) => familyOf(one) === familyOf(address)) ?? given?.join(', ');
      throw new PodreachError(`${endpoint} has the address ${own}, not ${address}, which the scenario pins it to`, {
        hint: "`address:` needs Calico, and an address from the cluster's pod range",
      });
    }
  }
};
