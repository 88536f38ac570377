import type { NetworkPolicy, Place } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { PolicyChange } from './result.ts';

/** Equal for policies that do the same, whatever their names and places. */
const meaningOf = ({ namespace, manifest }: ReadPolicy): string => `${namespace} ${specText(manifest)}`;

const specTexts = new WeakMap<ReadPolicy['manifest'], string>();

/** Written once, because both sides share the manifests of equal files. */
export const specText = (manifest: ReadPolicy['manifest']): string => {
  const text = specTexts.get(manifest) ?? JSON.stringify(manifest.spec);
  specTexts.set(manifest, text);
  return text;
};

/** The policies of both sides for the model: those with the same meaning are the same object, once on each side. */
export const shareEqual = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
): { readonly before: readonly NetworkPolicy[]; readonly after: readonly NetworkPolicy[] } => {
  const known = new Map<string, NetworkPolicy>();
  const shared = (policies: readonly ReadPolicy[]): readonly NetworkPolicy[] => {
    const specs = policies.map((policy) => {
      const meaning = meaningOf(policy);
      const spec = known.get(meaning) ?? policy.spec;
      known.set(meaning, spec);
      return spec;
    });
    return [...new Set(specs)];
  };
  return { before: shared(before), after: shared(after) };
};

/** A policy that was added, removed or changed, as it is on each side. */
export interface ChangedPolicy {
  readonly name: string;
  readonly before?: ReadPolicy;
  readonly after?: ReadPolicy;
}

/** The policies that differ; one that was only renamed, or moved to another file, does not. */
export const changedPolicies = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
): readonly ChangedPolicy[] => {
  const exact = (policy: ReadPolicy): string => `${nameOf(policy)} ${meaningOf(policy)}`;
  const [was, is] = unmatched(...unmatched(before, after, exact), meaningOf);
  const changed = new Map<string, ChangedPolicy>();
  for (const policy of was) changed.set(nameOf(policy), { name: nameOf(policy), before: policy });
  for (const policy of is)
    changed.set(nameOf(policy), { ...changed.get(nameOf(policy)), name: nameOf(policy), after: policy });
  return [...changed.values()];
};

type Policies = readonly ReadPolicy[];

/** What is left of both lists without the pairs of equal ones. */
const unmatched = (before: Policies, after: Policies, keyOf: (policy: ReadPolicy) => string): [Policies, Policies] => {
  const free = new Map<string, ReadPolicy[]>();
  for (const policy of before) free.set(keyOf(policy), [...(free.get(keyOf(policy)) ?? []), policy]);
  const is = after.filter((policy) => free.get(keyOf(policy))?.shift() === undefined);
  const was = new Set([...free.values()].flat());
  return [before.filter((policy) => was.has(policy)), is];
};

export const nameOf = ({ namespace, name }: Pick<ReadPolicy, 'namespace' | 'name'>): string => `${namespace}/${name}`;

export const changeOf = ({ name, before, after }: ChangedPolicy): PolicyChange => {
  const change = before && after ? 'changed' : after ? 'added' : 'removed';
  return { name, change, place: placeOf((after ?? before) as ReadPolicy) };
};

const placeOf = ({ file, line, spec }: ReadPolicy): Place => spec.placeOf?.([]) ?? { file, line, column: 1 };
