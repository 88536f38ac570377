import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, isGone, type Owner, thisMachine, thisOwner } from '../host/index.ts';

/** A cluster that podreach created and has not removed. */
export interface Entry {
  readonly name: string;
  readonly owner: Owner;
  /** Kept after its run for later ones. */
  readonly kept: boolean;
  /** Every component was ready once. */
  readonly complete: boolean;
  /** The kind process that creates its nodes. It goes on when podreach is killed, and must be ended first. */
  readonly creator?: Owner | undefined;
}

const clustersFolder = () => join(cacheFolder(), 'clusters');
const entryFile = (name: string) => join(clustersFolder(), name, 'entry.json');

/** The path of the cluster's own kubeconfig, which has credentials and is readable only by its user. */
export const kubeconfigOf = (name: string): string => join(clustersFolder(), name, 'kubeconfig');

type Mark = Pick<Entry, 'kept' | 'complete' | 'creator'> & Partial<Pick<Entry, 'owner'>>;

/** Adds a cluster to the ledger before it is created, or changes its entry. By default it belongs to this process. */
export const record = async (name: string, { kept, complete, creator, owner }: Mark): Promise<void> => {
  await mkdir(join(clustersFolder(), name), { recursive: true, mode: 0o700 });
  const entry: Entry = { name, owner: owner ?? (await thisOwner()), kept, complete, ...(creator && { creator }) };
  // Written atomically, because a run may be killed at any moment.
  const fresh = `${entryFile(name)}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(entry));
  await rename(fresh, entryFile(name));
};

/** Removes a cluster and its kubeconfig from the ledger, after the cluster was removed. */
export const strike = (name: string): Promise<void> =>
  rm(join(clustersFolder(), name), { recursive: true, force: true });

export const entries = async (): Promise<Entry[]> => {
  const names = await readdir(clustersFolder()).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(entryFile(name), 'utf8').catch(() => '')));
  return texts.flatMap((text) => parsed<Entry>(text));
};

export const find = async (name: string): Promise<Entry | undefined> =>
  (await entries()).find((entry) => entry.name === name);

/**
 * The clusters that nobody will come back for: their run is dead, and they were not to be kept, or never became ready.
 */
export const abandoned = async (): Promise<Entry[]> => {
  const all = await entries();
  const dead = await Promise.all(all.map(({ owner }) => isGoneHere(owner)));
  return all.filter((entry, index) => dead[index] && !(entry.kept && entry.complete));
};

/** Earlier versions did not record the machine. Their entries are of this machine, because the ledger is. */
const isGoneHere = async (owner: Owner): Promise<boolean> => isGone({ machine: await thisMachine(), ...owner });

const usersFolder = (name: string) => join(clustersFolder(), name, 'users');

/** Records that this process uses a cluster that stays; call the returned function when it no longer does. */
export const use = async (name: string): Promise<() => Promise<void>> => {
  const file = join(usersFolder(name), `${process.pid}-${randomBytes(3).toString('hex')}.json`);
  await mkdir(usersFolder(name), { recursive: true });
  await writeFile(file, JSON.stringify(await thisOwner()));
  return () => rm(file, { force: true });
};

/** The processes that currently use the cluster. */
export const usersOf = async (name: string): Promise<readonly number[]> => {
  const files = await readdir(usersFolder(name)).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(usersFolder(name), file), 'utf8').catch(() => '')));
  const owners = texts.flatMap((text) => parsed<Owner>(text));
  const gone = await Promise.all(owners.map(isGoneHere));
  return owners.filter((_, index) => !gone[index]).map(({ pid }) => pid);
};

/** The content of a file; nothing if it was cut off. */
const parsed = <T>(text: string): T[] => {
  try {
    return [JSON.parse(text) as T];
  } catch {
    return [];
  }
};

/** When the cluster was last recorded; undefined if it is not on the ledger. */
export const recordedAt = async (name: string): Promise<Date | undefined> =>
  (await stat(entryFile(name)).catch(() => undefined))?.mtime;

/** Far longer than the time between creating a cluster's folder and writing its entry. */
const LONGEST_RECORDING_MS = 60_000;

/** A file or folder of the ledger that no longer belongs to anything. */
export interface Remains {
  readonly path: string;
  readonly why: string;
  /** The process that made it, if it says so and is gone. */
  readonly owner?: Owner;
}

/** Folders without an entry, partial entries, and users that are gone. */
export const remains = async (): Promise<readonly Remains[]> => {
  const names = await readdir(clustersFolder()).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly Remains[]> => {
      const folder = join(clustersFolder(), name);
      if (!(await recordedAt(name))) return [{ path: folder, why: 'it belongs to no cluster' }];
      const half = (await readdir(folder)).filter((file) => file.startsWith('entry.json.'));
      return [
        ...half.map((file) => ({ path: join(folder, file), why: 'it was never finished' })),
        ...(await deadUsers(name)),
      ];
    }),
  );
  // What does not name its owner may just be coming into being.
  const old = await Promise.all(
    found.flat().map(async (one) => (one.owner !== undefined || (await isOld(one.path)) ? [one] : [])),
  );
  return old.flat();
};

const isOld = async (path: string): Promise<boolean> => {
  const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > LONGEST_RECORDING_MS;
};

const deadUsers = async (name: string): Promise<readonly Remains[]> => {
  const files = await readdir(usersFolder(name)).catch(() => []);
  const found = await Promise.all(
    files.map(async (file): Promise<readonly Remains[]> => {
      const path = join(usersFolder(name), file);
      const [owner] = parsed<Owner>(await readFile(path, 'utf8').catch(() => ''));
      if (owner && !(await isGoneHere(owner))) return [];
      return [{ path, why: 'its process is gone', ...(owner && { owner }) }];
    }),
  );
  return found.flat();
};
