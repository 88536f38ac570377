import { type AddressRange, contains } from '../address.ts';
import { DNS_NAMESPACE } from '../cluster-dns.ts';
import type { Model } from '../decide.ts';
import { type EndpointNamespace, isPod, type PodEndpoint } from '../endpoint.ts';
import type { PodPeer } from '../policy.ts';
import { selects } from '../selector.ts';
import { LIKELY_SERVICE_RANGES } from '../service-ranges.ts';

/** A namespace that has pods: a model knows no other namespaces. */
export interface Inhabited extends EndpointNamespace {
  readonly pods: readonly PodEndpoint[];
}

/** The pods of a model, as the checks see them. */
export interface Topology {
  readonly model: Model;
  readonly pods: readonly PodEndpoint[];
  /** By name. */
  readonly namespaces: ReadonlyMap<string, Inhabited>;
  /** The cluster's DNS server, if the model leaves out its namespace. */
  readonly unseen: PodEndpoint | null;
  /** How many more findings may name what comes nearest: finding it takes time. */
  readonly hints: { left: number };
  /**
   * The address ranges of Services, as given to the model or by default, except ranges that contain an address of
   * somebody.
   */
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

/** The namespaces that a peer matches, except those without pods. */
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
 * Whether a peer that selects nothing here may select something in a real cluster: models seldom list what runs in
 * kube-system, DNS above all. Applies only if the model leaves kube-system out.
 */
export const mayBeUnseen = ({ pods, namespaces }: PodPeer, { unseen, namespaces: known }: Topology): boolean => {
  if (!unseen || !namespaces || !selects(namespaces, unseen.namespace.labels)) return false;
  return selects(pods, unseen.labels) || ![...known.values()].some(({ labels }) => selects(namespaces, labels));
};
