import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PodreachError } from '../errors.ts';
import { cacheFolder } from '../host/index.ts';

/**
 * Claims a block of source ports for a window of time, exclusively for this process among those on the machine that
 * share its cache. The claim is an empty file that must not exist yet. Returns false if another process has it. Throws
 * a PodreachError if no file can be created.
 */
export const claimBlock = async (window: number, block: number): Promise<boolean> => {
  const folder = join(cacheFolder(), 'source-ports');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${window}-${block}`), '', { flag: 'wx' });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'EEXIST') return false;
    throw new PodreachError(`UDP can't be probed: no source ports can be claimed in ${folder}`, {
      hint: 'is there space on the disk, and is this user allowed to write there? XDG_CACHE_HOME names another cache folder',
      cause,
    });
  }
  await removeBefore(window, folder);
  return true;
};

/** Removes claims of past windows. Keeps the previous window, which may still be looked at. */
const removeBefore = async (window: number, folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  const over = names.filter((name) => Number.parseInt(name, 10) < window - 1);
  await Promise.all(over.map((name) => rm(join(folder, name), { force: true })));
};
