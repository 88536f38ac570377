/** Files and folders that are not complete yet: their names say who fills them, so that others remove what a killed process left. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isGone, isHere, type Owner, ownerText, parseOwner, thisOwner } from './owner.ts';

/** Something that a process began and has not finished. */
export interface Unfinished {
  readonly path: string;
  /** Undefined for remains of an earlier version of podreach, which did not record it. */
  readonly owner: Owner | undefined;
}

const MARK = '.unfinished-';

/** A new name that says that this process is filling it. */
export const unfinishedName = async (name: string): Promise<string> => {
  const owner = Buffer.from(ownerText(await thisOwner())).toString('base64url');
  return `${name}${MARK}${owner}.${randomBytes(3).toString('hex')}`;
};

/** Who fills what has this name; undefined if it does not say. */
const ownerIn = (name: string): Owner | undefined => {
  const encoded = /\.unfinished-([A-Za-z0-9_-]+)\.[0-9a-f]+$/.exec(name)?.[1];
  return encoded === undefined ? undefined : parseOwner(Buffer.from(encoded, 'base64url').toString());
};

/** What this user's dead processes left in a folder, among the names that are podreach's. */
export const deadIn = async (
  folder: string,
  isOurs = (name: string): boolean => name.includes(MARK),
): Promise<readonly Unfinished[]> => {
  const names = (await readdir(folder).catch(() => [])).filter(isOurs);
  const found = names.map((name) => ({ path: join(folder, name), owner: ownerIn(name) }));
  const dead = await Promise.all(found.map(isLeftBehind));
  return found.filter((_, index) => dead[index]);
};

/** Nothing takes this long: after it, what names no process, or one that can't be asked, counts as left behind. */
const LONGEST_MS = 24 * 3_600_000;

const isLeftBehind = async ({ path, owner }: Unfinished): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  if (!found || (process.getuid && found.uid !== process.getuid())) return false;
  if (owner && (await isGone(owner))) return true;
  if (owner && (await isHere(owner))) return false;
  return Date.now() - found.mtimeMs > LONGEST_MS;
};

const HIDDEN = '.podreach';

/**
 * A new hidden path in the folder of a file or folder of the user's, which becomes it by a rename. Removes those that killed
 * processes left there.
 */
export const hiddenBeside = async (path: string): Promise<string> => {
  const folder = dirname(resolve(path));
  const dead = await deadIn(folder, (name) => name.startsWith(`${HIDDEN}${MARK}`));
  // What can't be removed now stays for the next time.
  for (const one of dead) await rm(one.path, { recursive: true, force: true }).catch(() => {});
  return join(folder, await unfinishedName(HIDDEN));
};

/** Of any version: it begins so. */
const TEMPORARY = 'podreach-git-';

/** A new temporary folder for files of git, which only this user can read. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = join(tmpdir(), await unfinishedName(`${TEMPORARY}files`));
  await mkdir(folder, { mode: 0o700 });
  return folder;
};

/** The temporary folders of dead processes. */
export const deadTemporary = (): Promise<readonly Unfinished[]> =>
  deadIn(tmpdir(), (name) => name.startsWith(TEMPORARY));
