import { rm, stat } from 'node:fs/promises';
import {
  deadUnfinished,
  exclusively,
  foundClusters,
  isOursAndDead,
  type Leftover,
  removeLeftovers,
} from '../host/index.ts';
import type { Progress } from '../progress.ts';
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

/** Unfinished artifacts, and remains of removed entries, in the cache folder. */
export const fileLeftovers = async (): Promise<readonly Leftover[]> => {
  const unfinished = (await deadUnfinished()).map(({ path, owner }) => ({
    path,
    owner,
    why: owner ? `its process ${owner.pid} is gone` : 'no build takes that long',
  }));
  return Promise.all(
    [...unfinished, ...(await remains())].map(async ({ path, why, ...more }): Promise<Leftover> => {
      const since = (await stat(path).catch(() => undefined))?.mtime;
      return {
        ...more,
        what: 'file',
        name: path,
        why,
        since,
        remove: () => rm(path, { recursive: true, force: true }),
      };
    }),
  );
};

/** Removes the clusters of dead runs; notes those that can't be removed, and goes on. */
export const removeAbandoned = (progress: Progress): Promise<void> =>
  exclusively('the cleanup', progress, async () => {
    await removeLeftovers(await clusterLeftovers(progress), progress);
  });
