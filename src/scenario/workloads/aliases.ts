import type { Service } from '../scenario.ts';
import type { GivenService } from './given-service.ts';
import type { Reason } from './serve-port.ts';

/** What an ExternalName is in a topology: another name of one of its Services, or nothing that could be probed. */
export type Alias = { readonly service: Service } | { readonly reason: Reason };

/** kubeadm's domain, and so kind's. No search list applies to the target of a CNAME, so nothing shorter leads there. */
const IN_CLUSTER = /^(?<name>[-a-z0-9]+)\.(?<namespace>[-a-z0-9]+)\.svc\.cluster\.local\.?$/;

/** Probes start and end at what a run has created, so no other name is ever looked up. */
export const aliasIn = (services: readonly Service[], { namespace, name, externalName }: GivenService): Alias => {
  const target = IN_CLUSTER.exec(externalName.toLowerCase())?.groups;
  if (!target) return { reason: 'external-name' };
  const found = services.find((one) => one.namespace === target.namespace && one.name === target.name && !one.aliasOf);
  if (!found) return { reason: 'no-such-service' };
  const { external: _external, ...own } = found;
  const aliasOf = { namespace: found.namespace, name: found.name };
  return { service: { ...own, namespace, name, aliasOf, nodePort: null, byName: true } };
};
