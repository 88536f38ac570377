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
  const known = new Map<readonly string[], Part>();
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

/** A list of parts. */
export interface PartList {
  /** Equal for lists of the same parts, in any order. */
  readonly id: number;
  /** Each once. */
  readonly parts: readonly Part[];
}

/** Reads lists of parts, each once, because groups share them. */
export const createLists = (): ((parts: readonly Part[]) => PartList) => {
  const known = new Map<readonly Part[], PartList>();
  const byHash = new Map<number, { readonly ids: Int32Array; readonly list: PartList }[]>();
  let count = 0;
  const find = (parts: readonly Part[]): PartList => {
    const ids = sortedIds(parts);
    const hash = hashOf(ids);
    const same = byHash.get(hash) ?? [];
    byHash.set(hash, same);
    const found = same.find((one) => isEqual(one.ids, ids))?.list;
    if (found && isEqual(found.parts, parts)) return found;
    const list = { id: found?.id ?? count, parts: hasRepeated(ids) ? [...new Set(parts)] : parts };
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

const sortedIds = (parts: readonly Part[]): Int32Array => {
  const ids = new Int32Array(parts.length);
  let isSorted = true;
  for (let at = 0, last = -1; at < parts.length; at += 1) {
    const { id } = parts[at] as Part;
    ids[at] = id;
    isSorted &&= id >= last;
    last = id;
  }
  return isSorted ? ids : ids.sort();
};

const hashOf = (ids: Int32Array): number => {
  let hash = ids.length;
  for (const id of ids) hash = (Math.imul(hash, 31) + id) | 0;
  return hash;
};

const hasRepeated = (sorted: Int32Array): boolean => {
  for (let at = 1; at < sorted.length; at += 1) if (sorted[at] === sorted[at - 1]) return true;
  return false;
};

const isEqual = (one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
};

/** The names of all parts, in one list for each list of parts. */
export const createNames = (): ((list: PartList) => readonly string[]) => {
  const known = new Map<PartList, readonly string[]>();
  return (list) => {
    const names = known.get(list) ?? namesIn(list);
    known.set(list, names);
    return names;
  };
};

const namesIn = ({ parts }: PartList): readonly string[] => {
  const names: string[] = [];
  for (const part of parts) for (const name of part.names) names.push(name);
  return names;
};
