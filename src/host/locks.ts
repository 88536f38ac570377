import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { cacheFolder } from '../cache-folder.ts';
import { PodreachError } from '../errors.ts';
import type { Progress } from '../progress.ts';

const locksFolder = (): string => join(cacheFolder(), 'locks');
const SUFFIX = '.lock';

/** What is locked need not exist; a lock is a folder that is renewed for as long as it is held. */
const TIMES = { stale: 20_000, update: 5_000, realpath: false };

const lockedByAnother = (error: unknown): boolean => (error as { code?: string }).code === 'ELOCKED';

/** Takes the lock, and waits for its holder if necessary; a dead holder is noticed after 20 s. */
const acquire = async (
  name: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> => {
  const path = join(locksFolder(), name);
  const options = {
    ...TIMES,
    // A process that took over the lock meanwhile does the same work; artifacts appear completely, so neither harms the
    // other.
    onCompromised: () => progress.note(`the lock on ${name} was lost; continuing without it`, 'important'),
  };
  for (let waited = false; ; waited = true) {
    try {
      await mkdir(locksFolder(), { recursive: true });
      return await lock(path, options);
    } catch (cause) {
      if (!lockedByAnother(cause)) {
        const hint = `is there space on the disk, and is this user allowed to write to ${cacheFolder()}?`;
        throw new PodreachError(`${name}: can't lock ${path}`, { hint, cause });
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

/** The locks of processes that were killed. Whoever wants one takes it over, but nobody wants that of a cluster that is gone. */
export const deadLocks = async (): Promise<readonly string[]> => {
  const names = await readdir(locksFolder()).catch(() => []);
  const paths = names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(locksFolder(), name));
  const dead = await Promise.all(paths.map(isDead));
  return paths.filter((_, index) => dead[index]);
};

const isDead = async (path: string): Promise<boolean> => {
  const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > TIMES.stale;
};

/** Removes one, unless somebody has taken it over meanwhile. */
export const removeDeadLock = async (path: string): Promise<void> => {
  const release = await lock(path.slice(0, -SUFFIX.length), TIMES).catch(() => undefined);
  await release?.().catch(() => {});
};
