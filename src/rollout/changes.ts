import { isDeepStrictEqual } from 'node:util';
import type { ReadPolicy } from '../scenario/index.ts';

/** A policy of one name, which the cluster has before, after, or both. */
export interface PolicyChange {
  /** `namespace/name` */
  readonly name: string;
  readonly before?: ReadPolicy;
  readonly after?: ReadPolicy;
}

/** The policies that have to be applied or deleted, in the order of `kubectl apply` and then `kubectl delete`. */
export const changesBetween = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
): readonly PolicyChange[] => {
  const [was, is] = [byName(before), byName(after)];
  const names = [...new Set([...is.keys(), ...was.keys()])].sort();
  const changes = names.flatMap((name): readonly PolicyChange[] => {
    const [old, fresh] = [was.get(name), is.get(name)];
    if (old && fresh && isDeepStrictEqual(old.manifest.spec, fresh.manifest.spec)) return [];
    return [{ name, ...(old && { before: old }), ...(fresh && { after: fresh }) }];
  });
  return changes.toSorted((one, other) => Number(one.after === undefined) - Number(other.after === undefined));
};

const byName = (policies: readonly ReadPolicy[]): ReadonlyMap<string, ReadPolicy> =>
  new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
