import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, isGone, type Owner, thisMachine, thisOwner } from '../host/index.ts';

/** A cluster that podreach created and has not removed. */
export interface Entry {
  readonly name: string;
  readonly owner: Owner;
  /** Kept when its run is over, for the next ones. */
  readonly kept: boolean;
  /** Every component was ready once. */
  readonly complete: boolean;
  /** The kind process that creates its nodes. It goes on when podreach is killed, and has to be ended first. */
  readonly creator?: Owner | undefined;
}

const clustersFolder = () => join(cacheFolder(), 'clusters');
const entryFile = (name: string) => join(clustersFolder(), name, 'entry.json');

/** Where the cluster's kubeconfig is: its own, with credentials, readable by its user alone. */
export const kubeconfigOf = (name: string): string => join(clustersFolder(), name, 'kubeconfig');

type Mark = Pick<Entry, 'kept' | 'complete' | 'creator'>;

/** Puts a cluster on the ledger, before it is created, or changes what stands there. */
export const record = async (name: string, { kept, complete, creator }: Mark): Promise<void> => {
  await mkdir(join(clustersFolder(), name), { recursive: true, mode: 0o700 });
  const entry: Entry = { name, owner: await thisOwner(), kept, complete, ...(creator && { creator }) };
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
  const dead = await Promise.all(all.map(({ owner }) => isGoneHere(owner)));
  return all.filter((entry, index) => dead[index] && !(entry.kept && entry.complete));
};

/** An earlier version did not write down the machine: what it left is of this one, whose ledger this is. */
const isGoneHere = async (owner: Owner): Promise<boolean> => isGone({ machine: await thisMachine(), ...owner });

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
  const gone = await Promise.all(owners.map(isGoneHere));
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

/** When the cluster was last written down; undefined where it is not on the ledger. */
export const recordedAt = async (name: string): Promise<Date | undefined> =>
  (await stat(entryFile(name)).catch(() => undefined))?.mtime;

/** Nobody is between making a cluster's folder and writing its entry for as long. */
const LONGEST_RECORDING_MS = 60_000;

/** A file or folder of the ledger that belongs to nothing any more. */
export interface Remains {
  readonly path: string;
  readonly why: string;
}

/** Folders without an entry, entries half written, and users that are gone. */
export const remains = async (): Promise<readonly Remains[]> => {
  const names = await readdir(clustersFolder()).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly Remains[]> => {
      const folder = join(clustersFolder(), name);
      if (!(await recordedAt(name))) return [{ path: folder, why: 'no cluster goes with it' }];
      const half = (await readdir(folder)).filter((file) => file.startsWith('entry.json.'));
      return [
        ...half.map((file) => ({ path: join(folder, file), why: 'it was never finished' })),
        ...(await deadUsers(name)).map((path) => ({ path, why: 'its process is gone' })),
      ];
    }),
  );
  const old = await Promise.all(found.flat().map(async (one) => ((await isOld(one.path)) ? [one] : [])));
  return old.flat();
};

const isOld = async (path: string): Promise<boolean> => {
  const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > LONGEST_RECORDING_MS;
};

const deadUsers = async (name: string): Promise<readonly string[]> => {
  const files = await readdir(usersFolder(name)).catch(() => []);
  const paths = files.map((file) => join(usersFolder(name), file));
  const dead = await Promise.all(
    paths.map(async (path) => {
      const [owner] = parsed<Owner>(await readFile(path, 'utf8').catch(() => ''));
      return owner === undefined || (await isGoneHere(owner));
    }),
  );
  return paths.filter((_, index) => dead[index]);
};
