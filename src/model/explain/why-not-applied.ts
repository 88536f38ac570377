/** Policies that come close to a connection but don't apply: the answer to "my policy is not applied". */
import type { Connection, Model } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Direction, NetworkPolicy } from '../policy.ts';
import { selects } from '../selector.ts';
import { type Label, labelDistance, type Unmet, unmetBy } from './why-labels.ts';

/** The label, of some pod, that is nearest to what a selector asks for. */
export interface NearestLabel {
  readonly endpoint: string;
  readonly label: Label;
}

/**
 * `idle`: it selects the pod and has rules for the direction, which policyTypes leaves out. `nothing`: it selects no
 * pod of its namespace. `namespace`: its selector matches, but it is in another namespace. `direction`: it selects the
 * pod, but covers only the other direction. `labels`: it is in the pod's namespace and selects other pods.
 */
export type NotAppliedReason =
  | { readonly kind: 'idle' }
  | { readonly kind: 'nothing'; readonly nearest: NearestLabel | null }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'direction' }
  | { readonly kind: 'labels'; readonly unmet: Unmet };

export interface NotApplied {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  /** The end that it does not isolate. */
  readonly endpoint: string;
  readonly reason: NotAppliedReason;
}

/** The most likely meant come first. */
const ORDER: readonly NotAppliedReason['kind'][] = ['idle', 'nothing', 'namespace', 'direction', 'labels'];

/**
 * The policies that come close to one end of a connection and isolate neither, each once; and those with idle rules.
 */
export const whyNotApplied = (model: Model, connection: Connection): readonly NotApplied[] => {
  const found = new Map<NetworkPolicy, NotApplied>();
  const { from, to } = connection;
  const pods = Map.groupBy(model.endpoints.values(), ({ namespace }) => namespace?.name);
  const applied = new Set([...model.isolating(from, 'egress'), ...model.isolating(to, 'ingress')]);
  for (const direction of ['ingress', 'egress'] as const) {
    const isolated = direction === 'egress' ? from : to;
    const open = model.isolating(isolated, direction).length === 0;
    for (const policy of model.policies) {
      const reason = reasonOf(policy, pods.get(policy.namespace) ?? [], isolated, direction, open);
      if (applied.has(policy) && reason?.kind !== 'idle') continue;
      const known = found.get(policy)?.reason.kind;
      if (reason && (known === undefined || rankOf(reason.kind) < rankOf(known)))
        found.set(policy, { policy, direction, endpoint: isolated.name, reason });
    }
  }
  const sorted = [...found.values()].toSorted((a, b) => rankOf(a.reason.kind) - rankOf(b.reason.kind));
  return sorted.map((one, index) =>
    one.reason.kind === 'nothing' && index < COMPARED_AT_MOST
      ? { ...one, reason: { kind: 'nothing', nearest: nearestOf(one.policy, pods.get(one.policy.namespace) ?? []) } }
      : one,
  );
};

/** Finding the nearest label takes time, and nobody reads further than this. */
const COMPARED_AT_MOST = 20;
const CANDIDATES_AT_MOST = 200;

const rankOf = (kind: NotAppliedReason['kind']): number => ORDER.indexOf(kind);

const reasonOf = (
  policy: NetworkPolicy,
  own: readonly Endpoint[],
  { namespace, labels }: Endpoint,
  direction: Direction,
  open: boolean,
): NotAppliedReason | null => {
  if (!namespace) return null;
  const fits = selects(policy.pods, labels);
  const sameNamespace = policy.namespace === namespace.name;
  const idle = policy.idle.includes(direction);
  if (sameNamespace && fits && idle) return { kind: 'idle' };
  // A policy for the other direction is worth mentioning only if nothing else is in force.
  if (sameNamespace && fits) return open ? { kind: 'direction' } : null;
  if (policy[direction] === null && !idle) return null;
  if (sameNamespace) {
    const [unmet] = unmetBy(policy.pods, labels);
    if (own.some((pod) => selects(policy.pods, pod.labels))) return unmet ? { kind: 'labels', unmet } : null;
    return { kind: 'nothing', nearest: null };
  }
  // `{}` matches every pod of the cluster. In another namespace that means something only if it has no pods there.
  const meant = fits && (policy.pods.requirements.length > 0 || own.length === 0);
  return meant ? { kind: 'namespace', namespace: namespace.name } : null;
};

/** The label nearest to the first requirement that its pod does not meet. */
const nearestOf = ({ pods }: NetworkPolicy, candidates: readonly Endpoint[]): NearestLabel | null => {
  const found = candidates.slice(0, CANDIDATES_AT_MOST).flatMap(({ name, labels }) => {
    const unmet = unmetBy(pods, labels);
    const [first] = unmet;
    if (!first) return [];
    const { requirement, value, near } = first;
    const label = value === null ? near : { key: requirement.key, value };
    return label ? [{ endpoint: name, label, distance: labelDistance(requirement, label) + unmet.length }] : [];
  });
  const [best] = found.toSorted((a, b) => a.distance - b.distance);
  return best ? { endpoint: best.endpoint, label: best.label } : null;
};
