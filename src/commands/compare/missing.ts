/** Paths that only one side of a comparison has: what a change brings for the first time, or takes away. */
import { join, posix, sep } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { slipOf } from '../../scenario/index.ts';
import { printable, quoted } from '../../text.ts';
import { folderOfPattern } from '../scenarios/index.ts';
import { fromTop, gitPrefix, namesInTree } from './git/index.ts';
import { treePath } from './load.ts';
import { isOnDisk } from './on-disk.ts';
import type { SideSource, Sides } from './sides.ts';

/**
 * The sides without the paths that they lack and the other side has, and a note about each. Throws a PodreachError for a path that
 * a revision lacks and the other side does not have either. Two paths on disk are two different ones, so they are left alone.
 */
export const withoutMissing = async (
  sides: Sides,
  folder = '.',
): Promise<{ readonly sides: Sides; readonly notes: readonly string[] }> => {
  if (!sides.some(({ git }) => git)) return { sides, notes: [] };
  const prefix = await gitPrefix(folder);
  const [before, after] = await Promise.all([lookedUp(sides[0], prefix, folder), lookedUp(sides[1], prefix, folder)]);
  const [was, is] = [await lackedBy(before, after), await lackedBy(after, before)];
  return {
    sides: [without(sides[0], was), without(sides[1], is)],
    notes: [
      ...was.map((path) => `${nameOf(sides[0])} has nothing at ${quoted(path)}, so all of it is new`),
      ...is.map((path) => `${nameOf(sides[1])} has nothing at ${quoted(path)}, so all of it is gone`),
    ],
  };
};

const nameOf = ({ git }: SideSource): string => printable(git?.name ?? 'the working folder');

interface Looked {
  readonly source: SideSource;
  readonly path: string;
  /** From the top of the repository; null outside of it. */
  readonly place: string | null;
  readonly isThere: boolean;
}

const lookedUp = (source: SideSource, prefix: string, folder: string): Promise<readonly Looked[]> =>
  Promise.all(
    source.paths.map(async (path) => {
      const { git } = source;
      if (!git)
        return {
          source,
          path,
          place: placeOf(prefix, path),
          isThere: path === '-' || (await isOnDisk(join(folder, folderOfPattern(path)))),
        };
      const bare = treePath(path);
      const names = bare === '' ? [''] : await namesInTree(git.folder, git.commit, folderOf(bare));
      return { source, path, place: path, isThere: names.includes(posix.basename(bare)) };
    }),
  );

const folderOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');

const placeOf = (prefix: string, path: string): string | null => {
  try {
    return fromTop(prefix, path.split(sep).join('/'));
  } catch {
    return null;
  }
};

/** The paths that one side lacks and the other has; what is on disk and lacking on both sides is left to the loader. */
const lackedBy = async (own: readonly Looked[], others: readonly Looked[]): Promise<readonly string[]> => {
  const lacked: string[] = [];
  for (const { source, path, place, isThere } of own) {
    if (isThere) continue;
    const other = others.find((one) => one.place !== null && one.place === place);
    if (other?.isThere) lacked.push(path);
    else if (source.git) throw await nothingAt(path, [source, ...(other ? [other.source] : [])]);
  }
  return lacked;
};

const nothingAt = async (path: string, sources: readonly SideSource[]): Promise<PodreachError> => {
  const names = sources.map(nameOf);
  const who = names.length > 1 ? `neither ${names.join(' nor ')} has anything` : `${names[0]} has nothing`;
  for (const { git } of sources.toReversed()) {
    const like = git && (await likeInTree(git.folder, git.commit, treePath(path)));
    if (like !== undefined)
      return new PodreachError(`${who} at ${quoted(path)}`, { hint: `did you mean ${printable(like)}?` });
  }
  return new PodreachError(`${who} at ${quoted(path)}`);
};

/** A path that the commit has and that differs by a slip or two in its names. */
const likeInTree = async (folder: string, commit: string, path: string): Promise<string | undefined> => {
  let found = '';
  for (const name of path.split('/')) {
    const names = await namesInTree(folder, commit, found);
    const like = names.includes(name) ? name : slipOf(name, names);
    if (like === undefined) return undefined;
    found = found === '' ? like : `${found}/${like}`;
  }
  return found;
};

const without = (side: SideSource, lacked: readonly string[]): SideSource => ({
  ...side,
  paths: side.paths.filter((path) => !lacked.includes(path)),
});
