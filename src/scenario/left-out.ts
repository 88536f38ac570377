import { opendir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isFolder, isScenarioName } from './find.ts';
import { compare, shownPath } from './problem.ts';

/** Scenarios below a folder of scenarios that are too deep to be taken with it. */
export interface LeftOut {
  /** Relative to the working folder, as those below. */
  readonly folder: string;
  readonly count: number;
  /** The folders in it that have them. */
  readonly folders: readonly string[];
  /** The search ended before it had seen all. */
  readonly isCut: boolean;
}

/** A folder may hold millions, and this is only for a note. */
const ENTRIES_AT_MOST = 5_000;

/**
 * What is not taken below the given paths, for each that has some. What is below a scenario's own folder was not asked for. It
 * looks at so many entries of each path at most.
 */
export const leftOutOf = async (
  paths: readonly string[],
  taken: readonly string[],
  most = ENTRIES_AT_MOST,
): Promise<readonly LeftOut[]> => {
  const known = new Set(taken);
  const found: LeftOut[] = [];
  for (const path of paths) {
    const folder = resolve(path);
    const isOne = ['scenario.yaml', 'scenario.yml'].some((name) => known.has(join(folder, name)));
    if (isOne || !(await isFolder(folder))) continue;
    const left = await below(folder, known, most);
    if (left.count > 0) found.push(left);
  }
  return found;
};

const below = async (folder: string, taken: ReadonlySet<string>, most: number): Promise<LeftOut> => {
  const counts = new Map<string, number>();
  const waiting: { readonly path: string; readonly top?: string }[] = [{ path: folder }];
  let left = most;
  for (let next = waiting.shift(); next && left > 0; next = waiting.shift()) {
    // One that can't be read has nothing to take.
    for await (const entry of await opendir(next.path).catch(() => [])) {
      left -= 1;
      if (left === 0) break;
      const path = join(next.path, entry.name);
      const top = next.top ?? path;
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
        waiting.push({ path, top });
      else if (entry.isFile() && isScenarioName(path) && !taken.has(path)) counts.set(top, (counts.get(top) ?? 0) + 1);
    }
  }
  return {
    folder: shownPath(folder),
    count: [...counts.values()].reduce((sum, one) => sum + one, 0),
    folders: [...counts.keys()].map(shownPath).toSorted(compare),
    isCut: left === 0,
  };
};
