import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { LIMITS } from './limits.ts';
import { fileProblem, type Problem, shownPath } from './problem.ts';

/** How much one command may still read; it shrinks with each file. */
export interface Allowance {
  files: number;
  tokens: number;
  entries: number;
  matching: number;
  objects: number;
  /** How large a scenario may be. */
  readonly size: 'matrix' | 'classes';
  /** Gets the real path of each file before it is read. */
  readonly onRead?: (path: string) => void;
}

export const fullAllowance = (): Allowance => ({
  files: LIMITS.files,
  tokens: LIMITS.allTokens,
  entries: LIMITS.entries,
  matching: LIMITS.matching,
  objects: LIMITS.objects,
  size: 'matrix',
});

/** For a command that looks at classes of pods, and holds no matrix. */
export const largeAllowance = (): Allowance => ({ ...fullAllowance(), tokens: LIMITS.largeTokens, size: 'classes' });

/** The folder that a scenario's files must lie in, and how much of it may be read. */
export interface Repository {
  /** A real path: no part of it is a symbolic link. */
  readonly root: string;
  readonly allowance: Allowance;
}

/**
 * The repository of a scenario.yaml: the nearest folder above it with a `.git`, otherwise the parent of its own folder,
 * or that folder itself directly below `/`. A scenario may come from anyone, so nothing outside is read.
 */
export const repositoryOf = async (scenarioPath: string, allowance: Allowance): Promise<Repository> => {
  const named = dirname(scenarioPath);
  const folder = await realpath(named).catch(() => named);
  for (let root = folder; ; root = dirname(root)) {
    if (await isThere(join(root, '.git'))) return { root, allowance };
    if (root === dirname(root)) break;
  }
  const parent = dirname(folder);
  return { root: parent === dirname(parent) ? folder : parent, allowance };
};

/** Whether a real path is the root of a repository, or inside it. */
export const isInside = ({ root }: Repository, path: string): boolean => {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the path is too long',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** Whether the path does not exist, which is different from a path that can't be read. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Whether the path exists, even if it can't be read. */
export const isThere = async (path: string): Promise<boolean> => {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
};

/** Why a file can't be used, in words. Never the raw error, because it contains absolute paths. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  return reasons[code] ?? `can't be read (${code})`;
};

/** The message for a path that leads out of a repository. */
export const outsideReason = ({ root }: Repository): string =>
  `outside the scenario's repository: podreach reads only what is in ${shownPath(root)}`;

// Another process may meanwhile replace the file with a pipe or a link, and opening a pipe blocks until somebody
// writes.
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** The bytes of a regular file, or why there are none. Synchronous, because thousands of small files take a tenth of the time so. */
const readRegular = (path: string): Uint8Array | string => {
  const file = openSync(path, READ);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return 'not a regular file';
    if (stats.size > LIMITS.fileBytes) return `larger than ${LIMITS.fileBytes / 1024} KiB`;
    return readWhole(file, stats.size);
  } finally {
    closeSync(file);
  }
};

/**
 * Reads no more than the reported size: a file of /proc that claims to be empty may never end. The next call overwrites the
 * bytes, because thousands of buffers would have to be collected.
 */
const readWhole = (file: number, size: number): Uint8Array => {
  buffer ??= new Uint8Array(LIMITS.fileBytes);
  const bytes = buffer;
  let length = 0;
  while (length < size) {
    const bytesRead = readSync(file, bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
};

let buffer: Uint8Array | undefined;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The category Cc of Unicode, except for tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]/;

/** UTF-8 text, without its byte order mark, or why it is none. */
export const textIn = (bytes: Uint8Array): string | { readonly problem: string } => {
  try {
    const text = utf8.decode(bytes);
    return CONTROLS.test(text) ? { problem: 'not a text file: it contains control characters' } : text;
  } catch {
    return { problem: 'not a text file: it is not UTF-8' };
  }
};

/** A folder without symbolic links, and whether it is in the repository. */
interface RealFolder {
  readonly path: string;
  readonly isInside: boolean;
}

const realFolders = new WeakMap<Repository, Map<string, RealFolder>>();

/** Found out once for each folder, because most files have thousands beside them. */
const realFolderOf = (path: string, repository: Repository): RealFolder => {
  const known = realFolders.get(repository) ?? new Map<string, RealFolder>();
  realFolders.set(repository, known);
  const own = dirname(path);
  const found = known.get(own);
  if (found) return found;
  const real = realpathSync.native(own);
  const folder = { path: real, isInside: isInside(repository, real) };
  known.set(own, folder);
  return folder;
};

/** Where a path really leads, and whether that is in the repository. */
const realFileAt = (path: string, repository: Repository): RealFolder & { readonly stats: Stats } => {
  const folder = realFolderOf(path, repository);
  const beside = join(folder.path, basename(path));
  const stats = lstatSync(beside);
  if (!stats.isSymbolicLink()) return { path: beside, isInside: folder.isInside, stats };
  const real = realpathSync.native(beside);
  return { path: real, isInside: isInside(repository, real), stats: statSync(real) };
};

/**
 * Reads a UTF-8 text file, without its byte order mark. Symbolic links are resolved first. A file that is outside the
 * repository, not a regular file, or too large is not even opened. Problems go to `problems`, and the result is null.
 */
export const readText = async (path: string, repository: Repository, problems: Problem[]): Promise<string | null> => {
  const refuse = (message: string): null => {
    problems.push(fileProblem(path, message));
    return null;
  };
  const { allowance } = repository;
  try {
    const real = realFileAt(path, repository);
    if (!real.isInside) return refuse(outsideReason(repository));
    if (!real.stats.isFile()) return refuse('not a regular file');
    allowance.files -= 1;
    allowance.onRead?.(real.path);
    if (allowance.files < 0) return refuse(`more than ${LIMITS.files} files`);
    const bytes = readRegular(real.path);
    if (typeof bytes === 'string') return refuse(bytes);
    const text = textIn(bytes);
    return typeof text === 'string' ? text : refuse(text.problem);
  } catch (error) {
    return refuse(reasonOf(error));
  }
};
