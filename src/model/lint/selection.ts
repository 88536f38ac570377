import type { PodEndpoint } from '../endpoint.ts';
import type { NetworkPolicy } from '../policy.ts';
import { selects } from '../selector.ts';
import { nearestText } from './nearest.ts';
import { findOwnNamespaceLabels } from './swapped.ts';
import { listText, selectorText } from './text.ts';
import type { Topology } from './topology.ts';
import type { Check } from './warning.ts';

/** A policy that selects no pod of its namespace, and so does nothing. */
export const checkSelection: Check = (policy, topology) => {
  const { namespace, pods: selector } = policy;
  const space = topology.namespaces.get(namespace);
  const own = space?.pods ?? [];
  if (own.some(({ labels }) => selects(selector, labels))) return [];
  const nothing = `podSelector ${selectorText(selector)} selects no pod of namespace ${namespace}`;
  const elsewhere = meantElsewhere(policy, topology);
  if (elsewhere.length > 0) {
    const message = `${nothing}, but ${listText(elsewhere.map(({ name }) => name))}; a policy acts in its own namespace only: set metadata.namespace`;
    return [{ rule: 'other-namespace', path: ['metadata', 'namespace'], message }];
  }
  const swapped = space && findOwnNamespaceLabels(selector, space, topology);
  if (swapped) return [swapped];
  const why =
    own.length === 0
      ? ', which has no pods; set metadata.namespace to where they are'
      : nearestText(selector, own, topology);
  return [{ rule: 'selects-no-pod', path: selector.path, message: nothing + why }];
};

/** The pods of other namespaces that a policy seems to mean, because it names a label that only they have. */
export const meantElsewhere = (
  { namespace, pods: selector }: NetworkPolicy,
  { pods, namespaces }: Topology,
): readonly PodEndpoint[] => {
  if (!selector.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) return [];
  if (namespaces.get(namespace)?.pods.some(({ labels }) => selects(selector, labels))) return [];
  return pods.filter(({ labels }) => selects(selector, labels));
};
