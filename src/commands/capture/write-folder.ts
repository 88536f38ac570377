import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PodreachError } from '../../errors.ts';

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
  const fresh = join(parent, `.${basename(resolve(folder))}.${randomBytes(4).toString('hex')}.unfinished`);
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
