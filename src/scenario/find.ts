import { glob, lstat, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compare, fileProblem, type Problem, shownPath } from './problem.ts';
import { isMissing, reasonOf } from './source.ts';

const scenarioFile = 'scenario.yaml';

// A scenario.yaml that is there but can't be read is a problem to tell, not a folder to pass over.
const isThere = async (path: string): Promise<boolean> => {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
};

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;

const inFolder = async (folder: string, problems: Problem[]): Promise<readonly string[]> => {
  const own = join(folder, scenarioFile);
  if (await isThere(own)) return [own];
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name, scenarioFile);
    if (await isThere(path)) found.push(path);
  }
  if (found.length === 0) problems.push(fileProblem(folder, `no scenario in ${shownPath(folder)}`));
  return found;
};

/**
 * The scenario.yaml files behind paths, sorted by path and each once: a path is such a file, a scenario's folder, or a
 * folder of scenario folders (one level). A path that leads to none goes to `problems`.
 */
export const findScenarios = async (paths: readonly string[], problems: Problem[]): Promise<readonly string[]> => {
  const found = new Set<string>();
  for (const path of paths) {
    try {
      const files = (await stat(path)).isDirectory() ? await inFolder(path, problems) : [path];
      for (const file of files) found.add(resolve(file));
    } catch (error) {
      problems.push(fileProblem(path, reasonOf(error)));
    }
  }
  return [...found].toSorted((a, b) => compare(shownPath(a), shownPath(b)));
};

/** The files that match a pattern relative to a folder, sorted; none for a pattern that can't be used. */
export const findFiles = async (folder: string, pattern: string): Promise<readonly string[]> => {
  const files: string[] = [];
  try {
    for await (const match of glob(pattern, { cwd: folder })) {
      const path = resolve(folder, match);
      if (!(await isFolder(path))) files.push(path);
    }
  } catch {
    return [];
  }
  return files.toSorted(compare);
};
