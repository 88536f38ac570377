import { rm, stat } from 'node:fs/promises';
import { PodreachError } from '../errors.ts';
import {
  deadLocks,
  deadUnfinished,
  exclusively,
  foundClusters,
  isOursAndDead,
  type Leftover,
  type Owner,
  removeDeadLock,
  removeLeftovers,
} from '../host/index.ts';
import type { Progress } from '../progress.ts';
import { deadTemporary, type Unfinished } from '../unfinished.ts';
import { abandoned, entries, recordedAt, remains } from './ledger.ts';
import { removeCluster } from './life.ts';

/**
 * The clusters that nobody will come back for. By the ledger: those of dead runs that were not to be kept or never
 * complete. By their nodes: those of a dead process that are ours and on no ledger, such as nodes that came up after
 * their entry was removed, or whose cache was emptied.
 */
export const clusterLeftovers = async (progress: Progress): Promise<readonly Leftover[]> => {
  const listed = await abandoned();
  const known = new Set((await entries()).map(({ name }) => name));
  const found = (await foundClusters()).filter(({ name }) => !known.has(name));
  const ours = await Promise.all(found.map(({ ownership }) => isOursAndDead(ownership)));
  const remove = (name: string) => () => removeCluster(name, progress);
  return [
    ...(await Promise.all(
      listed.map(async ({ name, owner, complete }): Promise<Leftover> => {
        const why = `its process ${owner.pid} is gone${complete ? '' : ', and it was never complete'}`;
        return { what: 'cluster', name, why, owner, since: await recordedAt(name), remove: remove(name) };
      }),
    )),
    ...found.flatMap(({ name, ownership, created }, index): Leftover[] => {
      if (!ours[index]) return [];
      const why = `its process ${ownership?.owner.pid} is gone, and it is not on the ledger`;
      return [{ what: 'cluster', name, why, owner: ownership?.owner, since: created, remove: remove(name) }];
    }),
  ];
};

/** A file or folder that is to go. */
interface Dead {
  readonly path: string;
  readonly why: string;
  readonly owner?: Owner | undefined;
  readonly remove?: () => Promise<void>;
}

/** What dead processes left in the cache folder and in the temporary one: what they had begun, and what they held. */
export const fileLeftovers = async (): Promise<readonly Leftover[]> => {
  const began =
    (slow: string) =>
    ({ path, owner }: Unfinished) => ({
      ...{ path, owner },
      why: owner ? `its process ${owner.pid} is gone` : `no ${slow} takes that long`,
    });
  const unfinished = [
    ...(await deadUnfinished()).map(began('build')),
    ...(await deadTemporary()).map(began('comparison')),
  ];
  const locks = (await deadLocks()).map((path) => ({
    path,
    why: 'nobody renews it',
    remove: () => removeDeadLock(path),
  }));
  const dead: readonly Dead[] = [...unfinished, ...locks, ...(await remains())];
  return Promise.all(
    dead.map(async ({ path, why, owner, remove = () => removeFile(path) }): Promise<Leftover> => {
      const since = (await stat(path).catch(() => undefined))?.mtime;
      return { what: 'file', name: path, why, owner, since, remove };
    }),
  );
};

const removeFile = async (path: string): Promise<void> => {
  await rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
    throw new PodreachError(`${path} can't be removed: ${String(Object(cause).code)}`, { cause });
  });
};

/** Removes the clusters and files of dead runs; notes those that can't be removed, and goes on. */
export const removeAbandoned = (progress: Progress): Promise<void> =>
  exclusively('the cleanup', progress, async () => {
    await removeLeftovers(await clusterLeftovers(progress), progress);
    await removeLeftovers(await fileLeftovers(), progress);
  });
