import type { Deployment } from './deploy/index.ts';
import { PodreachError } from './errors.ts';
import type { Addresses } from './matrix/index.ts';
import { addressKey, podsOf } from './scenario/index.ts';

/** The addresses that the pods really have. */
export const addressesOf = ({ endpoints }: Pick<Deployment, 'endpoints'>): Addresses =>
  new Map([...endpoints].map(([endpoint, { address }]) => [endpoint, address ? [address] : []]));

/**
 * Another CNI than Calico passes over the annotation that pins an address, and then ipBlocks mean something else. Throws a
 * PodreachError where a pod has not the address that its scenario pins it to.
 */
export const requirePinned = ({ topology, endpoints }: Pick<Deployment, 'topology' | 'endpoints'>): void => {
  for (const { endpoint, address } of podsOf(topology)) {
    const given = endpoints.get(endpoint)?.address;
    if (address === undefined || given === undefined || addressKey(address) === addressKey(given)) continue;
    throw new PodreachError(`${endpoint} has the address ${given}, not ${address}, which the scenario pins it to`, {
      hint: "`address:` takes Calico, and an address out of the cluster's pod range",
    });
  }
};
