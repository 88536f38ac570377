import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { isBeforeRestart, isDead, type Owner, thisOwner } from './owner.ts';

/** A cluster that podreach created and has not removed. */
export interface Entry {
  readonly name: string;
  readonly owner: Owner;
  /** Kept when its run is over, for the next ones. */
  readonly kept: boolean;
  /** Every component was ready once. */
  readonly complete: boolean;
}

const clustersFolder = () => join(cacheFolder(), 'clusters');
const entryFile = (name: string) => join(clustersFolder(), name, 'entry.json');

/** Where the cluster's kubeconfig is: its own, with credentials, readable by its user alone. */
export const kubeconfigOf = (name: string): string => join(clustersFolder(), name, 'kubeconfig');

/** Puts a cluster on the ledger, before it is created, or changes what stands there. */
export const record = async (name: string, { kept, complete }: Pick<Entry, 'kept' | 'complete'>): Promise<void> => {
  await mkdir(join(clustersFolder(), name), { recursive: true, mode: 0o700 });
  const entry: Entry = { name, owner: await thisOwner(), kept, complete };
  // Whole or not at all, for a run may be killed at any moment.
  const fresh = `${entryFile(name)}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(entry));
  await rename(fresh, entryFile(name));
};

/** Takes a cluster off the ledger, with its kubeconfig, after it was removed. */
export const strike = (name: string): Promise<void> =>
  rm(join(clustersFolder(), name), { recursive: true, force: true });

export const entries = async (): Promise<Entry[]> => {
  const names = await readdir(clustersFolder()).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(entryFile(name), 'utf8').catch(() => '')));
  return texts.flatMap((text) => parsed<Entry>(text));
};

export const find = async (name: string): Promise<Entry | undefined> =>
  (await entries()).find((entry) => entry.name === name);

/** The clusters that nobody will come back for: their run is dead, and they were not to be kept, or never got ready. */
export const abandoned = async (): Promise<Entry[]> => {
  const all = await entries();
  const dead = await Promise.all(all.map(({ owner }) => isGone(owner)));
  return all.filter((entry, index) => dead[index] && !(entry.kept && entry.complete));
};

/** The ledger is this machine's own, so a restart ended whoever stands there. */
const isGone = async (owner: Owner): Promise<boolean> => (await isDead(owner)) || (await isBeforeRestart(owner));

const usersFolder = (name: string) => join(clustersFolder(), name, 'users');

/** Notes that this process uses a cluster that stays; call what is returned when it no longer does. */
export const use = async (name: string): Promise<() => Promise<void>> => {
  const file = join(usersFolder(name), `${process.pid}-${randomBytes(3).toString('hex')}.json`);
  await mkdir(usersFolder(name), { recursive: true });
  await writeFile(file, JSON.stringify(await thisOwner()));
  return () => rm(file, { force: true });
};

/** The processes that use the cluster now. */
export const usersOf = async (name: string): Promise<readonly number[]> => {
  const files = await readdir(usersFolder(name)).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(usersFolder(name), file), 'utf8').catch(() => '')));
  const owners = texts.flatMap((text) => parsed<Owner>(text));
  const gone = await Promise.all(owners.map(isGone));
  return owners.filter((_, index) => !gone[index]).map(({ pid }) => pid);
};

/** What a file holds; nothing for one that was cut off. */
const parsed = <T>(text: string): T[] => {
  try {
    return [JSON.parse(text) as T];
  } catch {
    return [];
  }
};
