import type { NetworkPolicy, Place } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { PolicyChange } from './result.ts';

/** Equal for policies that do the same, whatever their names and places. */
const meaningOf = ({ namespace, manifest }: ReadPolicy): string => `${namespace} ${JSON.stringify(manifest.spec)}`;

/** The policies of both sides for the model: those with the same meaning are the same object. */
export const shareEqual = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
): { readonly before: readonly NetworkPolicy[]; readonly after: readonly NetworkPolicy[] } => {
  const known = new Map<string, NetworkPolicy>();
  const shared = (policies: readonly ReadPolicy[]): readonly NetworkPolicy[] =>
    policies.map((policy) => {
      const meaning = meaningOf(policy);
      const spec = known.get(meaning) ?? policy.spec;
      known.set(meaning, spec);
      return spec;
    });
  return { before: shared(before), after: shared(after) };
};

/** A policy that was added, removed or changed, as it is on each side. */
export interface ChangedPolicy {
  readonly name: string;
  readonly before?: ReadPolicy;
  readonly after?: ReadPolicy;
}

/** The policies whose meaning is not on the other side under any name. */
export const changedPolicies = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
): readonly ChangedPolicy[] => {
  const meanings = { before: new Set(before.map(meaningOf)), after: new Set(after.map(meaningOf)) };
  const changed = new Map<string, ChangedPolicy>();
  for (const policy of before)
    if (!meanings.after.has(meaningOf(policy))) changed.set(nameOf(policy), { name: nameOf(policy), before: policy });
  for (const policy of after)
    if (!meanings.before.has(meaningOf(policy)))
      changed.set(nameOf(policy), { ...changed.get(nameOf(policy)), name: nameOf(policy), after: policy });
  return [...changed.values()];
};

const nameOf = ({ namespace, name }: ReadPolicy): string => `${namespace}/${name}`;

export const changeOf = ({ name, before, after }: ChangedPolicy): PolicyChange => {
  const change = before && after ? 'changed' : after ? 'added' : 'removed';
  return { name, change, place: placeOf((after ?? before) as ReadPolicy) };
};

const placeOf = ({ file, line, spec }: ReadPolicy): Place => spec.placeOf?.([]) ?? { file, line, column: 1 };
