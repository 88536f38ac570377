import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob, resolve } from 'node:path';
import { likePath } from './like-path.ts';
import { LIMITS } from './limits.ts';
import { stepsFor, whyUnfit } from './pattern.ts';
import { compare, type Problem, pathProblem, shownPath } from './problem.ts';
import { type Allowance, isInside, isMissing, isThere, outsideReason, type Repository, reasonOf } from './source.ts';

const ownNames = ['scenario.yaml', 'scenario.yml'];

/** Whether a path is called as a scenario: `scenario.yaml`, `NAME.scenario.yaml`, or either with `.yml`. */
export const isScenarioName = (path: string): boolean => /^(?:.+\.)?scenario\.ya?ml$/.test(basename(path));

/** The scenarios that a folder is. One that exists but can't be read is reported, not skipped. */
const ownIn = async (folder: string): Promise<readonly string[]> => {
  const paths = ownNames.map((name) => join(folder, name));
  const there = await Promise.all(paths.map(isThere));
  return paths.filter((_, at) => there[at]);
};

export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true;

const inFolder = async (folder: string, allowance: Allowance): Promise<readonly string[]> => {
  const found: string[] = [...(await ownIn(folder))];
  if (found.length > 0) return found;
  for await (const { name } of entriesOf(folder, allowance)) {
    const path = join(folder, name);
    if (isScenarioName(name) && !(await isFolder(path))) found.push(path);
    else found.push(...(await ownIn(path)));
  }
  return found;
};

/**
 * The scenario files at the given paths, sorted and without duplicates. A path is such a file, a scenario's folder, or a
 * folder of scenario files and scenario folders (one level). A path without any goes to `problems`, unless it is a folder
 * and that `mayBeEmpty`.
 */
export const findScenarios = async (
  paths: readonly string[],
  allowance: Allowance,
  problems: Problem[],
  mayBeEmpty = false,
): Promise<readonly string[]> => {
  const found = new Set<string>();
  for (const path of paths) {
    try {
      const files = (await stat(path)).isDirectory() ? await inFolder(path, allowance) : [path];
      if (files.length === 0 && !mayBeEmpty)
        problems.push(pathProblem(path, `no scenario and no Kubernetes manifest in ${shownPath(path)}`));
      for (const file of files) found.add(resolve(file));
    } catch (error) {
      const message = error instanceof TooManyEntries ? error.message : reasonOf(error);
      const meant = isMissing(error) ? await likePath(path) : undefined;
      problems.push({ ...pathProblem(path, message), ...(meant && { hint: `did you mean ${shownPath(meant)}?` }) });
    }
  }
  const sorted = [...found].toSorted((a, b) => compare(shownPath(a), shownPath(b)));
  const last = sorted[LIMITS.scenarios];
  if (last !== undefined) problems.push(pathProblem(last, `more than ${LIMITS.scenarios} scenarios`));
  return sorted.slice(0, LIMITS.scenarios);
};

class TooManyEntries extends Error {
  constructor() {
    super(`more than ${LIMITS.entries} files and folders to look at`);
  }
}

/** The entries of a folder one by one, because a folder may have millions. Throws when the allowance is used up. */
async function* entriesOf(folder: string, allowance: Allowance) {
  for await (const entry of await opendir(folder, { bufferSize: 256 })) {
    allowance.entries -= 1;
    if (allowance.entries < 0) throw new TooManyEntries();
    yield entry;
  }
}

/** Where matching begins: the folder in the pattern's literal leading segments, and the rest, which may be ''. */
const splitPattern = (pattern: string): readonly [folder: string, rest: string] => {
  const segments = pattern.split('/');
  const first = segments.findIndex((segment) => /[*?[\]{}]/.test(segment));
  return first < 0 ? [pattern, ''] : [`${segments.slice(0, first).join('/')}/`, segments.slice(first).join('/')];
};

/**
 * The files below a folder, down to a number of levels, relative to it. Like kubectl, it does not follow links to
 * folders.
 */
async function* filesBelow(base: string, levels: number, allowance: Allowance) {
  const folders = [{ way: '', depth: 1 }];
  for (let next = folders.pop(); next; next = folders.pop()) {
    const { way, depth } = next;
    for await (const entry of entriesOf(join(base, way), allowance)) {
      const path = way === '' ? entry.name : `${way}/${entry.name}`;
      if (!entry.isDirectory()) yield { path, isFile: entry.isFile() };
      else if (depth < levels) folders.push({ way: path, depth: depth + 1 });
    }
  }
}

interface Found {
  readonly path: string;
  /** Whether it surely is a file, and no link. */
  readonly isFile: boolean;
}

const matchesBelow = async (base: string, pattern: string, allowance: Allowance): Promise<readonly Found[]> => {
  const steps = stepsFor(pattern);
  const levels = /\*\*|\{/.test(pattern) ? Number.POSITIVE_INFINITY : pattern.split('/').length;
  const found: Found[] = [];
  for await (const { path, isFile } of filesBelow(base, levels, allowance)) {
    allowance.matching -= steps(path);
    if (allowance.matching < 0) throw new TooManyEntries();
    // Includes hidden files, which a glob leaves out and kubectl reads.
    if (pattern === '**' || matchesGlob(path, pattern)) found.push({ path: join(base, path), isFile });
  }
  return found;
};

/**
 * The files of a repository that match a pattern relative to the scenario's folder, sorted. Reports why a pattern can't
 * be used, and then returns none; reports nothing for a pattern without matches.
 */
export const findFiles = async (
  folder: string,
  pattern: string,
  repository: Repository,
  tell: (message: string) => void,
): Promise<readonly string[]> => {
  const unfit = whyUnfit(pattern);
  if (unfit !== null) {
    tell(unfit);
    return [];
  }
  const [fixed, rest] = splitPattern(pattern.replaceAll('\\', '/'));
  const base = fixed === '/' && !pattern.startsWith('/') ? folder : resolve(folder, fixed);
  try {
    if (!isInside(repository, await realpath(rest === '' ? dirname(base) : base))) {
      tell(outsideReason(repository));
      return [];
    }
    const found = rest === '' ? [{ path: base, isFile: false }] : await matchesBelow(base, rest, repository.allowance);
    const files: string[] = [];
    for (const { path, isFile } of found)
      if (isFile || ((await isThere(path)) && !(await isFolder(path)))) files.push(path);
    return files.toSorted(compare);
  } catch (error) {
    if (error instanceof TooManyEntries) tell(error.message);
    else if (!isMissing(error)) tell(`${whereOf(error)}${reasonOf(error)}`);
    return [];
  }
};

/** The folder that could not be read: the one searched, or any below it. */
const whereOf = (error: unknown): string => {
  const { path } = Object(error) as { path?: unknown };
  return typeof path === 'string' ? `${shownPath(path)}: ` : '';
};
