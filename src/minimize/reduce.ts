/** Delta debugging of a list: takes away as much of it as it can, in chunks that get smaller. */
export interface Reducible<Part> {
  readonly parts: readonly Part[];
  /** Tried at once, after everything and before halves of it. */
  readonly unlikely: readonly Part[];
  /** Whether what is left still shows it without these parts. */
  readonly shows: (removed: readonly Part[]) => Promise<boolean>;
}

/** @param chunks Whether more than one part is tried at a time. */
export const reduce = async <Part>(
  { parts, unlikely, shows }: Reducible<Part>,
  chunks: boolean,
): Promise<readonly Part[]> => {
  let removed: readonly Part[] = [];
  let left = parts;
  const take = async (chunk: readonly Part[]): Promise<boolean> => {
    const isGone = await shows([...removed, ...chunk]);
    if (isGone) {
      removed = [...removed, ...chunk];
      left = left.filter((one) => !chunk.includes(one));
    }
    return isGone;
  };
  if (parts.length === 0) return [];
  if (chunks && parts.length > 1) {
    if (await take(parts)) return removed;
    if (unlikely.length > 1 && unlikely.length < parts.length) await take(unlikely);
  }
  for (let size = chunks ? Math.ceil(left.length / 2) : 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < left.length; ) if (!(await take(left.slice(at, at + size)))) at += size;
  return removed;
};
