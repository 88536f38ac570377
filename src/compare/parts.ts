/** Ends of cells, and lists of them: a large cluster has many long lists, most of them more than once. */

/** Ends that stay together; the same ends are the same object. */
export interface Part {
  readonly id: number;
  readonly names: readonly string[];
  /** Parts of different crowds have no end in common. */
  readonly crowd: unknown;
}

export type PartOf = (names: readonly string[], crowd: unknown) => Part;

/** Makes a part for a list of names; equal lists get the same one. */
export const createParts = (): PartOf => {
  const known = new WeakMap<readonly string[], Part>();
  const byText = new Map<string, Part>();
  return (names, crowd) => {
    const found = known.get(names);
    if (found) return found;
    const text = names.join();
    const part = byText.get(text) ?? { id: byText.size, names, crowd };
    byText.set(text, part);
    known.set(names, part);
    return part;
  };
};

/** What is known of a list of parts. */
export interface PartList {
  /** Equal for lists of the same parts, in any order. */
  readonly id: number;
  /** Each once. */
  readonly parts: readonly Part[];
  readonly names: readonly string[];
}

/** Reads lists of parts; equal ones share what is found. */
export const readParts = (): ((parts: readonly Part[]) => PartList) => {
  const known = new WeakMap<readonly Part[], PartList>();
  const byHash = new Map<number, { readonly ids: Int32Array; readonly list: PartList }[]>();
  let count = 0;
  const find = (parts: readonly Part[]): PartList => {
    const ids = Int32Array.from(parts, ({ id }) => id).sort();
    const hash = ids.reduce((sum, id) => (Math.imul(sum, 31) + id) | 0, ids.length);
    const same = byHash.get(hash) ?? [];
    byHash.set(hash, same);
    const found = same.find((one) => isEqual(one.ids, ids))?.list;
    if (found && isEqual(found.parts, parts)) return found;
    const own = ids.some((id, at) => at > 0 && id === ids[at - 1]) ? [...new Set(parts)] : parts;
    const list = { id: found?.id ?? count, parts: own, names: namesIn(own) };
    if (found) return list;
    count += 1;
    same.push({ ids, list });
    return list;
  };
  return (parts) => {
    const list = known.get(parts) ?? find(parts);
    known.set(parts, list);
    return list;
  };
};

const isEqual = (one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
};

const namesIn = (parts: readonly Part[]): readonly string[] => {
  const names = new Array<string>(parts.reduce((sum, part) => sum + part.names.length, 0));
  let at = 0;
  for (const part of parts)
    for (const name of part.names) {
      names[at] = name;
      at += 1;
    }
  return names;
};
