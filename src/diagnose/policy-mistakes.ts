/** Policies that nearly apply to an end, or that isolate it by accident. */
import { type Direction, type NetworkPolicy, type NotApplied, readPolicy, rulesIn, unmetBy } from '../model/index.ts';
import { isSlip, metBy } from './peer-mistakes.ts';
import { type Sight, selectsNobody } from './sight.ts';
import { replacing, type Suspect } from './suspect.ts';

const TYPES: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

/** Policies that do not isolate the end, but would without their mistake. */
export const notAppliedMistakes = (sight: Sight, direction: Direction): readonly Suspect[] =>
  sight.connection.notApplied.filter((one) => one.direction === direction).flatMap((one) => ofNotApplied(sight, one));

const ofNotApplied = (sight: Sight, notApplied: NotApplied): readonly Suspect[] => {
  const { policy, direction, endpoint, reason } = notApplied;
  const base = { policy, direction, endpoint };
  switch (reason.kind) {
    case 'idle': {
      const instead = withType(sight, policy, direction);
      const mistake = { kind: 'types-missing', ...base } as const;
      return instead ? [{ mistake, correct: replacing(policy, () => instead), certain: true }] : [];
    }
    case 'namespace': {
      const { namespace } = reason;
      // Every namespace may have such a policy of its own.
      if (policy.pods.requirements.length === 0) return [];
      const certain = selectsNobody(sight, policy.namespace, { pods: policy.pods, namespaces: null });
      const correct = replacing(policy, (now) => ({ ...now, namespace }));
      return [{ mistake: { kind: 'namespace', ...base, namespace }, correct, certain }];
    }
    case 'nothing':
    case 'labels':
      return ofLabels(sight, notApplied);
    case 'direction':
      return [];
  }
};

const ofLabels = ({ model }: Sight, { policy, direction, endpoint, reason }: NotApplied): readonly Suspect[] => {
  const [unmet] = unmetBy(policy.pods, model.endpoints.get(endpoint)?.labels ?? {});
  if (!unmet) return [];
  const correct = replacing(policy, (now) => ({ ...now, pods: metBy(now.pods, unmet) }));
  const mistake = { kind: 'labels', policy, direction, rule: null, of: 'pod', endpoint, unmet } as const;
  return [{ mistake, correct, certain: reason.kind === 'nothing' || isSlip(unmet) }];
};

/** The policy as it would be read with one more of the policyTypes; null if its manifest is not known. */
const withType = ({ manifests }: Sight, policy: NetworkPolicy, direction: Direction): NetworkPolicy | null => {
  const manifest = manifests.get(policy)?.manifest;
  const spec = (manifest?.spec ?? {}) as { readonly policyTypes?: readonly unknown[] };
  const policyTypes = [...(spec.policyTypes ?? []), TYPES[direction]];
  return manifest ? readPolicy({ ...manifest, spec: { ...spec, policyTypes } }, () => undefined) : null;
};

/** Policies that isolate the end in a direction for which they have no rules, though they have some for the other. */
export const typesExtra = ({ connection: { sides } }: Sight, direction: Direction): readonly Suspect[] => {
  const side = sides.find((one) => one.direction === direction);
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  return (side?.policies ?? []).flatMap(({ policy }): readonly Suspect[] => {
    if (rulesIn(policy, direction).length > 0 || rulesIn(policy, other).length === 0) return [];
    const mistake = { kind: 'types-extra', policy, direction, endpoint: side?.endpoint ?? '' } as const;
    return [{ mistake, correct: replacing(policy, (now) => ({ ...now, [direction]: null })), certain: true }];
  });
};
