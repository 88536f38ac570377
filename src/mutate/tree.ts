import type { Path } from '../model/index.ts';

/** Plain data, as it is read from YAML. */
export type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const mappingIn = (value: unknown): Mapping => (isMapping(value) ? value : {});

/** A copy with another value at the path; undefined takes the key, or the item of the list, away. */
export const changedAt = (tree: unknown, [key, ...rest]: Path, value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(tree)) {
    const item = changedAt(tree[Number(key)], rest, value);
    return tree.toSpliced(Number(key), 1, ...(item === undefined ? [] : [item]));
  }
  const mapping = mappingIn(tree);
  const changed = changedAt(mapping[key], rest, value);
  const { [key]: _, ...others } = mapping;
  return changed === undefined ? others : { ...mapping, [key]: changed };
};
