import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { cacheFolder } from '../cache-folder.ts';
import { PodreachError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { isGone, isHere, type Owner, ownerText, parseOwner, thisOwner } from './owner.ts';

const exists = async (path: string) => (await stat(path).catch(() => null)) !== null;

/** The errors of rename(2) if the new name belongs to a non-empty folder. */
const taken = new Set(['ENOTEMPTY', 'EEXIST']);

/** Gives a finished folder its name. If another process was first, its folder has the same content and stays. */
const publish = async (finished: string, folder: string): Promise<void> => {
  await rename(finished, folder).catch((error: { code?: string }) => {
    if (!taken.has(error.code ?? '')) throw error;
    return rm(finished, { recursive: true, force: true });
  });
};

/**
 * The folder of an artifact, made by `build` if missing. It appears completely or not at all: `build` fills another
 * folder, which is renamed at the end, so an interrupted build leaves nothing that looks finished.
 */
export const cached = async (name: string, key: string, build: (folder: string) => Promise<void>): Promise<string> => {
  const folder = join(cacheFolder(), 'artifacts', `${name}-${key}`);
  if (await exists(folder)) return folder;
  const unfinished = await unfinishedFolder(`${name}-${key}`);
  try {
    await build(unfinished);
    await publish(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return folder;
};

/** Whether `cached` would return at once. */
export const isCached = (name: string, key: string): Promise<boolean> =>
  exists(join(cacheFolder(), 'artifacts', `${name}-${key}`));

const artifactsFolder = (): string => join(cacheFolder(), 'artifacts');

/**
 * A new folder beside the finished artifacts, whose name says which process is filling it. Concurrent builds must not
 * mistake each other's folders for remains of a dead one.
 */
export const unfinishedFolder = async (name: string): Promise<string> => {
  const owner = Buffer.from(ownerText(await thisOwner())).toString('base64url');
  const folder = join(artifactsFolder(), `${name}.unfinished-${owner}.${randomBytes(3).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  return folder;
};

/** An artifact that somebody began and has not finished. */
export interface Unfinished {
  readonly path: string;
  /** Undefined for remains of an earlier version of podreach, which did not record it. */
  readonly owner: Owner | undefined;
}

const unfinishedOwner = (entry: string): Owner | undefined => {
  const encoded = /\.unfinished-([A-Za-z0-9_-]+)\.[0-9a-f]+$/.exec(entry)?.[1];
  return encoded === undefined ? undefined : parseOwner(Buffer.from(encoded, 'base64url').toString());
};

/** What interrupted builds left in the cache. */
export const deadUnfinished = async (): Promise<readonly Unfinished[]> => {
  const entries = await readdir(artifactsFolder()).catch(() => []);
  const unfinished = entries
    .filter((entry) => entry.includes('.unfinished-'))
    .map((entry) => ({ path: join(artifactsFolder(), entry), owner: unfinishedOwner(entry) }));
  const dead = await Promise.all(unfinished.map(isLeftBehind));
  return unfinished.filter((_, index) => dead[index]);
};

/** No build takes this long: after it, a build whose process can't be checked counts as dead. */
const LONGEST_BUILD_MS = 24 * 3_600_000;

const isLeftBehind = async ({ path, owner }: Unfinished): Promise<boolean> => {
  if (owner && (await isGone(owner))) return true;
  if (owner && (await isHere(owner))) return false;
  const { mtimeMs } = (await stat(path).catch(() => null)) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > LONGEST_BUILD_MS;
};

/** Removes what interrupted builds left. */
export const removeUnfinished = async (): Promise<void> => {
  const dead = await deadUnfinished();
  await Promise.all(dead.map(({ path }) => rm(path, { recursive: true, force: true })));
};

const lockedByAnother = (error: unknown): boolean => (error as { code?: string }).code === 'ELOCKED';

/** Takes the lock, and waits for its holder if necessary; a dead holder is noticed after 20 s. */
const acquire = async (
  name: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> => {
  const folder = join(cacheFolder(), 'locks', name);
  const options = {
    stale: 20_000,
    update: 5_000,
    // A process that took over the lock meanwhile does the same work; artifacts appear completely, so neither harms the
    // other.
    onCompromised: () => progress.note(`the lock on ${name} was lost; continuing without it`, 'important'),
  };
  for (let waited = false; ; waited = true) {
    try {
      await mkdir(folder, { recursive: true });
      return await lock(folder, options);
    } catch (cause) {
      if (!lockedByAnother(cause)) {
        const hint = `is there space on the disk, and is this user allowed to write to ${cacheFolder()}?`;
        throw new PodreachError(`${name}: can't lock ${folder}`, { hint, cause });
      }
    }
    if (!waited) progress.note(`another podreach is busy with ${name}; waiting for it`);
    await sleep(500, undefined, signal && { signal }).catch(() => {
      throw new PodreachError(`waiting for ${name} was interrupted`);
    });
  }
};

/** Runs `work` while no other podreach on this machine runs work under the same name. */
export const exclusively = async <T>(
  name: string,
  progress: Progress,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  const release = await acquire(name, progress, signal);
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
    const hint = `free some space, or remove ${cacheFolder()}`;
    throw new PodreachError(`${name}: the disk is full`, { hint, cause: error });
  } finally {
    await release().catch(() => {});
  }
};
