import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Order {
  /** Files that begin first, without their ending, so that no long one runs alone at the end. */
  readonly first: readonly string[];
  /** Folders that are left out. */
  readonly without: readonly string[];
}

/** The test files below a folder in the order in which they begin. Throws if one of the first is not there. */
export const testFiles = async (folder: string, { first, without }: Order): Promise<readonly string[]> => {
  const names = (await readdir(folder, { recursive: true })).flatMap(
    (file) => /^(.*)\.test\.ts$/.exec(file)?.[1] ?? [],
  );
  const missing = first.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`${folder} has no test ${missing.join(', ')}`);
  const others = names.filter((name) => !first.includes(name) && !without.includes(dirname(name)));
  return [...first, ...others.sort()].map((name) => join(folder, `${name}.test.ts`));
};
