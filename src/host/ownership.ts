import { mkdir, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { cacheFolder } from '../cache-folder.ts';
import { contentKey } from '../content-key.ts';
import { isGone, type Owner, ownerText, parseOwner, thisMachine, thisOwner } from '../owner.ts';

/**
 * The owner of an object, as recorded on the object itself. `home` alone determines who may remove it; the user and the
 * folder are there for people to read.
 */
export interface Ownership {
  /** Twelve hexadecimal digits that identify the machine, the user and the cache folder together. */
  readonly home: string;
  /** The user's number on that machine. */
  readonly user: number;
  /** The cache folder there. */
  readonly cache: string;
  /** The process that made it. */
  readonly owner: Owner;
}

const userNumber = (): number => userInfo().uid;

/** The real path of the cache folder, so that two paths to one folder are one home. */
const realCache = async (): Promise<string> => {
  await mkdir(cacheFolder(), { recursive: true });
  return realpath(cacheFolder());
};

const homeOf = (machine: string, user: number, cache: string): string => contentKey(machine, String(user), cache);

/** The ownership of what this process creates. */
export const thisOwnership = async (): Promise<Ownership> => {
  const [cache, owner] = [await realCache(), await thisOwner()];
  const user = userNumber();
  return { home: homeOf(owner.machine ?? '', user, cache), user, cache, owner };
};

/** The `home` of what this user creates with this cache folder. */
export const thisHome = async (): Promise<string> => homeOf(await thisMachine(), userNumber(), await realCache());

/** Labels of containers and images. The owner's label is also the name of the annotation on namespaces. */
export const LABELS = {
  owner: 'podreach/owner',
  home: 'podreach/home',
  user: 'podreach/user',
  cache: 'podreach/cache',
} as const;

type Labels = Readonly<Record<string, string>>;

export const ownershipLabels = ({ home, user, cache, owner }: Ownership): Labels => ({
  [LABELS.owner]: ownerText(owner),
  [LABELS.home]: home,
  [LABELS.user]: String(user),
  [LABELS.cache]: cache,
});

/** Reads the output of `ownershipLabels`; undefined for anything else. */
export const parseLabels = (labels: Labels): Ownership | undefined => {
  const owner = parseOwner(labels[LABELS.owner]);
  const { [LABELS.home]: home = '', [LABELS.user]: user = '', [LABELS.cache]: cache = '' } = labels;
  return owner && home !== '' ? { home, user: Number(user), cache, owner } : undefined;
};

/** Of this user and this cache folder. */
export const isOurs = async ({ home }: Ownership): Promise<boolean> => home === (await thisHome());

/** Ours, and the process that created it is gone: anything not meant to stay may be removed. */
export const isOursAndDead = async (ownership: Ownership | undefined): Promise<boolean> =>
  ownership !== undefined && (await isOurs(ownership)) && (await isGone(ownership.owner));

/** `user 1000, cache folder /home/ann/.cache/podreach, process 4711`. */
export const describeOwnership = ({ user, cache, owner }: Ownership): string =>
  `user ${user}, cache folder ${cache}, process ${owner.pid}`;
