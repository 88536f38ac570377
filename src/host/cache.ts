import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { deadIn, type Unfinished, unfinishedName } from '../unfinished.ts';

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

/** A new folder beside the finished artifacts: concurrent builds must not mistake each other's for remains of a dead one. */
export const unfinishedFolder = async (name: string): Promise<string> => {
  const folder = join(artifactsFolder(), await unfinishedName(name));
  await mkdir(folder, { recursive: true });
  return folder;
};

/** What interrupted builds left in the cache. */
export const deadUnfinished = (): Promise<readonly Unfinished[]> => deadIn(artifactsFolder());

/** Removes what interrupted builds left. */
export const removeUnfinished = async (): Promise<void> => {
  const dead = await deadUnfinished();
  await Promise.all(dead.map(({ path }) => rm(path, { recursive: true, force: true })));
};
