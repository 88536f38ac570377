import type { Path } from '../model/index.ts';

/** An empty list or mapping of these means the same as none, which is shorter. */
const LEFT_OUT_IF_EMPTY: ReadonlySet<string | number> = new Set([
  ...['from', 'to', 'ports', 'except', 'matchLabels', 'matchExpressions'],
]);

const keyOf = (path: Path): string => JSON.stringify(path);

/** Plain data without what stands at these paths; what is left in place is the same object. */
export const without = <Tree>(tree: Tree, paths: readonly Path[]): Tree => {
  const removed = new Set(paths.map(keyOf));
  const pruned = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) {
      const items = value.flatMap((item, at) => {
        const own = [...path, at];
        return removed.has(keyOf(own)) ? [] : [pruned(item, own)];
      });
      return isAlike(value, items) ? value : items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const own = [...path, key];
      if (removed.has(keyOf(own))) return [];
      const left = pruned(inner, own);
      return left !== inner && path[0] === 'policies' && LEFT_OUT_IF_EMPTY.has(key) && isEmpty(left)
        ? []
        : [[key, left]];
    });
    const before = Object.values(value);
    return isAlike(
      before,
      entries.map(([, inner]) => inner),
    )
      ? value
      : Object.fromEntries(entries);
  };
  return pruned(tree, []) as Tree;
};

const isAlike = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((item, at) => item === other[at]);

const isEmpty = (value: unknown): boolean => Object.keys(Object(value)).length === 0;
