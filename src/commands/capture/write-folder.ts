import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { hiddenBeside } from '../../unfinished.ts';

/** Throws a PodreachError if there is something at the path. */
export const requireFree = async (folder: string): Promise<void> => {
  const found = await lstat(folder).catch(() => null);
  if (!found) return;
  throw new PodreachError(`${folder} exists, and capture overwrites nothing`, {
    hint: 'give another folder: podreach capture FOLDER …',
  });
};

/**
 * Fills a new folder, which appears whole or not at all.
 * @param unfinished Holds the path of what is not complete yet, which whoever ends the process removes.
 */
export const writeFolder = async (
  folder: string,
  fill: (fresh: string) => Promise<void>,
  { unfinished = new Set<string>(), signal }: { readonly unfinished?: Set<string>; readonly signal: AbortSignal },
): Promise<void> => {
  const parent = dirname(resolve(folder));
  const made = await mkdir(parent, { recursive: true });
  const fresh = await hiddenBeside(folder);
  unfinished.add(fresh);
  try {
    await mkdir(fresh);
    await fill(fresh);
    signal.throwIfAborted();
    await requireFree(folder);
    await rename(fresh, folder);
  } catch (error) {
    await rm(made ?? fresh, { recursive: true, force: true });
    throw error;
  } finally {
    unfinished.delete(fresh);
  }
};
