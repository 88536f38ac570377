/** Which scenarios a command works on where its line names none. */
import { access, glob } from 'node:fs/promises';
import { join } from 'node:path';
import { PodreachError } from '../../errors.ts';

/**
 * The paths as given; otherwise those of podreach.yaml; otherwise every scenario below the working folder, of which there must
 * be one unless there `mayBeNone`.
 */
export const scenarioPaths = async (given: readonly string[], mayBeNone = false): Promise<readonly string[]> => {
  const paths = given.length > 0 ? given : await settledPaths('.');
  return paths ? expandedAll(paths) : discover('.', mayBeNone);
};

const settledPaths = async (folder: string): Promise<readonly string[] | undefined> => {
  const { loadSettings } = await import('../../scenario/index.ts');
  return (await loadSettings(folder))?.scenarios;
};

/** Finds the scenarios below a folder. */
type Search = (folder: string) => Promise<readonly string[]>;

/** `tests/**` is every scenario below a folder, found as those below the working folder are; any other path is itself. */
export const expandedAll = async (
  paths: readonly string[],
  search: Search = (folder) => discover(folder, true),
): Promise<readonly string[]> => {
  const taken = paths.map(async (path): Promise<readonly string[]> => {
    const folder = folderOfPattern(path);
    const found = folder === path ? [] : await search(folder);
    return found.length > 0 ? found : [folder];
  });
  return (await Promise.all(taken)).flat();
};

/** `tests` of `tests/**`; any other path as it is. */
export const folderOfPattern = (path: string): string => (path === '**' ? '.' : path.replace(/\/\*\*$/, ''));

/** Those of a folder that is not a working folder, where git ignores nothing; without any, the folder if it holds manifests. */
export const pathsIn = async (folder: string): Promise<readonly string[]> => {
  const { fullAllowance, partPaths } = await import('../../scenario/index.ts');
  const paths = await settledPaths(folder);
  const found = paths ? await expandedAll(paths, onDisk) : await onDisk(folder);
  return found.length > 0 ? found : (await partPaths([folder], undefined, fullAllowance(), [])).manifests;
};

const NAMES = ['scenario.yaml', 'scenario.yml', '*.scenario.yaml', '*.scenario.yml'];
const LIMIT_MS = 30_000;

/** Every scenario file below a folder, except where git ignores it and below node_modules. Throws if there is none, unless that may be. */
export const discover = async (folder: string, mayBeNone = false): Promise<readonly string[]> => {
  const found = ((await knownToGit(folder)) ?? (await onDisk(folder))).toSorted();
  if (found.length > 0 || mayBeNone) return found;
  throw new PodreachError('there is no scenario in this folder or below it', {
    hint: 'a scenario is a file scenario.yaml or NAME.scenario.yaml; name the path of one that is elsewhere',
  });
};

/** Null where git can't tell: it is not installed, or this is no repository. */
const knownToGit = async (folder: string): Promise<readonly string[] | null> => {
  // A repository may name a program for git to run; nothing of it is run here.
  const options = ['-c', 'core.fsmonitor=false', '-C', folder, 'ls-files', '-z', '--cached', '--others'];
  const patterns = [...NAMES.map((name) => `:(glob)**/${name}`), ':(exclude,glob)**/node_modules/**'];
  // Loaded late, because a path that is given needs no git.
  const { execa } = await import('execa');
  const result = await execa('git', [...options, '--exclude-standard', '--deduplicate', '--', ...patterns], {
    reject: false,
    timeout: LIMIT_MS,
    stdin: 'ignore',
  });
  if (result.failed) return null;
  const files = result.stdout.split('\0').filter((name) => name !== '');
  // What was deleted, but not committed, is still known to git.
  const paths = files.map((file) => join(folder, file));
  const there = await Promise.allSettled(paths.map((path) => access(path)));
  return paths.filter((_, index) => there[index]?.status === 'fulfilled');
};

/** The same where git does not matter. */
export const onDisk = async (folder: string): Promise<readonly string[]> => {
  const found: string[] = [];
  const hidden = (name: string) => name === 'node_modules' || (name.startsWith('.') && name !== '.');
  for await (const file of glob(
    NAMES.map((name) => `**/${name}`),
    { cwd: folder, exclude: (name) => hidden(name) },
  )) {
    found.push(join(folder, file));
  }
  return [...new Set(found)];
};
