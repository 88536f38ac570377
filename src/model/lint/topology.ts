import { type AddressRange, contains } from '../address.ts';
import { DNS_NAMESPACE } from '../cluster-dns.ts';
import type { Model } from '../decide.ts';
import { type EndpointNamespace, isPod, type PodEndpoint } from '../endpoint.ts';
import type { PodPeer } from '../policy.ts';
import { selects } from '../selector.ts';
import { LIKELY_SERVICE_RANGES } from '../service-ranges.ts';

/** A namespace that has pods: a model knows no others. */
export interface Inhabited extends EndpointNamespace {
  readonly pods: readonly PodEndpoint[];
}

/** The pods of a model as the checks look at them. */
export interface Topology {
  readonly model: Model;
  readonly pods: readonly PodEndpoint[];
  /** By name. */
  readonly namespaces: ReadonlyMap<string, Inhabited>;
  /** The cluster's DNS server, where the model leaves out the namespace that it is in. */
  readonly unseen: PodEndpoint | null;
  /** How many findings may still say what comes nearest: finding it out takes time. */
  readonly hints: { left: number };
  /** Where Services have their addresses: as the model was told, or else as usual; no range in which somebody has one. */
  readonly serviceRanges: readonly AddressRange[];
}

const MOST_HINTS = 100;

export const topologyOf = (model: Model): Topology => {
  const pods = [...model.endpoints.values()].filter(isPod);
  const namespaces = new Map<string, Inhabited>();
  for (const [{ name, labels }, own] of Map.groupBy(pods, ({ namespace }) => namespace))
    namespaces.set(name, { name, labels, pods: own });
  const [server = null] = model.dns.servers;
  const unseen = namespaces.has(DNS_NAMESPACE) ? null : server;
  return { model, pods, namespaces, unseen, serviceRanges: serviceRangesIn(model), hints: { left: MOST_HINTS } };
};

const serviceRangesIn = ({ endpoints, nodes, serviceRanges }: Model): readonly AddressRange[] => {
  const ends = [...endpoints.values(), ...nodes.values()];
  return (serviceRanges ?? LIKELY_SERVICE_RANGES).filter(
    (range) => !ends.some(({ addresses }) => addresses?.some((one) => contains(range, one))),
  );
};

/** The namespaces that a peer means; those without pods are not among them. */
export const scopeOf = (
  { namespaces: selector }: Pick<PodPeer, 'namespaces'>,
  policyNamespace: string,
  { namespaces }: Topology,
): readonly Inhabited[] => {
  const own = namespaces.get(policyNamespace);
  if (!selector) return own ? [own] : [];
  return [...namespaces.values()].filter(({ labels }) => selects(selector, labels));
};

/**
 * Whether a peer that selects nothing here may well select something in a real cluster: what runs in kube-system, DNS
 * above all, is seldom told to a model. Only where the model leaves kube-system out.
 */
export const mayBeUnseen = ({ pods, namespaces }: PodPeer, { unseen, namespaces: known }: Topology): boolean => {
  if (!unseen || !namespaces || !selects(namespaces, unseen.namespace.labels)) return false;
  return selects(pods, unseen.labels) || ![...known.values()].some(({ labels }) => selects(namespaces, labels));
};
