/** Files of a git revision, read from its objects: nothing is checked out, and no filter or hook runs. */
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { PodreachError } from '../../../errors.ts';
import { quoted } from '../../../text.ts';
import { deadTemporary, temporaryFolder } from '../../../unfinished.ts';
import { type Git, gitIn } from './git.ts';

const FILES_AT_MOST = 20_000;
const BYTES_AT_MOST = 256 * 1024 * 1024;
/** The loader refuses a larger file, and need not read it for that. */
const FILE_BYTES = 1024 * 1024;

/** A folder with files of a revision. */
export interface GitTree {
  /** Below it the files lie as in the repository. */
  readonly root: string;
  /** The given paths, in `root`. */
  readonly paths: readonly string[];
}

/** Paths of a commit, relative to the top of the repository. */
export interface GitPaths {
  readonly commit: string;
  /** How messages call it. */
  readonly name: string;
  readonly paths: readonly string[];
  /** A folder of the repository. */
  readonly folder: string;
}

/**
 * Writes the files at these paths into a temporary folder, which is gone when `use` has ended; those that killed processes left
 * behind are gone, too.
 * @param unfinished Holds the path of the folder as long as it exists.
 */
export const withGitTree = async <Result>(
  { commit, name, paths, folder: where }: GitPaths,
  use: (tree: GitTree) => Promise<Result>,
  unfinished = new Set<string>(),
): Promise<Result> => {
  const git = gitIn(where);
  const top = await git(['rev-parse', '--show-toplevel'], 'looking for the repository');
  const entries = await entriesFor({ git, commit, name }, paths);
  await removeRemains();
  const folder = await temporaryFolder();
  unfinished.add(folder);
  try {
    const root = join(folder, basename(top.toString().trim()) || 'repository');
    // It marks where the repository begins, outside of which nothing is read.
    await mkdir(join(root, '.git'), { recursive: true });
    await writeEntries(git, root, entries);
    // A folder is there even if none of its files is of use.
    const files = new Set(entries.map(({ path }) => path));
    for (const path of paths) if (!files.has(path)) await mkdir(join(root, path), { recursive: true });
    return await use({ root, paths: paths.map((path) => join(root, path)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
    unfinished.delete(folder);
  }
};

/** Removes this user's folders of processes that were killed. What can't be removed now stays for the next time. */
const removeRemains = async (): Promise<void> => {
  for (const { path } of await deadTemporary()) await rm(path, { recursive: true, force: true }).catch(() => {});
};

/** The names in a folder of a commit, '' being the top; none where there is no such folder. */
export const namesInTree = async (folder: string, commit: string, path: string): Promise<readonly string[]> => {
  const git = gitIn(folder);
  const where = path === '' ? [] : ['--', `${path}/`];
  const args = ['ls-tree', '-z', '--name-only', '--full-tree', commit, ...where];
  const names = (await git(args, 'listing the files')).toString().split('\0').filter(Boolean);
  return names.map((name) => posix.basename(name));
};

interface Tree {
  readonly git: Git;
  readonly commit: string;
  readonly name: string;
}

interface Entry {
  readonly isLink: boolean;
  readonly object: string;
  readonly bytes: number;
  /** From the top of the repository. */
  readonly path: string;
}

const MANIFEST = /\.(?:ya?ml|json)$/;
const SCENARIO = /(?:^|\/)(?:[^/]+\.)?scenario\.ya?ml$/;

/** A scenario may take manifests from anywhere in its repository. */
const entriesFor = async (tree: Tree, paths: readonly string[]): Promise<readonly Entry[]> => {
  const { name } = tree;
  const own = await Promise.all(paths.map((path) => entriesAt(tree, path)));
  const missing = paths.find((path, at) => path !== '' && own[at]?.length === 0);
  if (missing !== undefined) throw new PodreachError(`${name} has nothing at ${quoted(missing || '.')}`);
  const found = own.flat();
  const hasScenario = found.some(({ path }) => SCENARIO.test(path));
  const named = new Set(paths);
  const wanted = hasScenario
    ? [...found, ...(await entriesAt(tree, '')).filter(({ path }) => MANIFEST.test(path))]
    : found.filter(({ path }) => MANIFEST.test(path) || named.has(path));
  const entries = [...new Map(wanted.map((entry) => [entry.path, entry])).values()];
  const bytes = entries.reduce((sum, entry) => sum + (entry.bytes > FILE_BYTES ? 0 : entry.bytes), 0);
  if (entries.length <= FILES_AT_MOST && bytes <= BYTES_AT_MOST) return entries;
  throw new PodreachError(`${name} has too many files there: ${entries.length} files, ${bytes} bytes`, {
    hint: `name the folder of the manifests: at most ${FILES_AT_MOST} files and ${BYTES_AT_MOST} bytes are read`,
  });
};

const entriesAt = async ({ git, commit }: Tree, path: string): Promise<readonly Entry[]> => {
  const where = path === '' ? [] : ['--', path];
  const listing = await git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, ...where], 'listing the files');
  return listing
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [, mode, object, bytes, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
      if (mode === undefined || object === undefined || path === undefined) return [];
      requireInside(path);
      return [{ isLink: mode === '120000', object, bytes: Number(bytes), path }];
    });
};

/** Anybody can make a tree with such names, and git lists them. */
const requireInside = (path: string): void => {
  const isUnsafe = path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()));
  if (isUnsafe || path.includes('\\')) throw new PodreachError(`git has a file with the unsafe name ${quoted(path)}`);
};

const writeEntries = async (git: Git, root: string, entries: readonly Entry[]): Promise<void> => {
  const small = entries.filter(({ bytes }) => bytes <= FILE_BYTES);
  const contents = await contentsOf(
    git,
    small.map(({ object }) => object),
  );
  for (const folder of new Set(entries.map(({ path }) => dirname(path))))
    await mkdir(join(root, folder), { recursive: true });
  for (const { isLink, object, bytes, path } of entries) {
    const content = contents.get(object);
    if (content && isLink) await symlink(content, join(root, path));
    else await writeFile(join(root, path), content ?? '');
    if (!content) await truncate(join(root, path), bytes);
  }
};

/** Blobs by their names: `<name> blob <size>`, a line feed, the bytes, a line feed. */
const contentsOf = async (git: Git, objects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> => {
  const asked = [...new Set(objects)];
  const contents = new Map<string, Buffer>();
  if (asked.length === 0) return contents;
  const output = await git(['cat-file', '--batch'], 'reading the files', { input: `${asked.join('\n')}\n` });
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    const [name = '', type, size] = output.subarray(at, end).toString().split(' ');
    if (type !== 'blob') throw new PodreachError(`git has lost the object ${quoted(name)}`);
    contents.set(name, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return contents;
};
