import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { contentKey } from './content-key.ts';

/** A process, distinguished from one elsewhere and from a later one with the same number. */
export interface Owner {
  /** The running system and its process namespace; process numbers mean nothing outside it. */
  readonly place: string;
  readonly pid: number;
  /** In clock ticks since boot; empty without /proc. */
  readonly started: string;
  /** The machine, across boots; absent from what earlier versions of podreach wrote. */
  readonly machine?: string;
}

/**
 * Identifies this machine across restarts. It is a hash, because machine-id(5) asks not to expose the id itself. It
 * includes the host's name, because containers and virtual machines made from one image often share the id.
 */
export const thisMachine = async (): Promise<string> =>
  contentKey(await readFile('/etc/machine-id', 'utf8').catch(() => ''), hostname());

/** The kernel's boot and the process namespace (proc_sys_kernel(5), namespaces(7)), otherwise the host's name. */
const placeOf = async (): Promise<string> => {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return boot && namespace ? `${boot.trim()}/${namespace}` : hostname();
};

/**
 * Field 22 of proc_pid_stat(5); the text before it may contain blanks, but only in parentheses. Empty for a zombie,
 * which has ended.
 */
const startOf = async (pid: number): Promise<string> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? '' : (fields[18] ?? '');
};

/** A running process of this machine. */
export const processOwner = async (pid: number): Promise<Owner> => ({
  place: await placeOf(),
  pid,
  started: await startOf(pid),
  machine: await thisMachine(),
});

/** This process. */
export const thisOwner = (): Promise<Owner> => processOwner(process.pid);

/** Whether the process runs, or ran, where this process can see it. */
export const isHere = async ({ place }: Owner): Promise<boolean> => place === (await placeOf());

/**
 * Whether the process is certainly gone. Nothing is certain about a process elsewhere, or one before a restart of the
 * machine.
 */
export const isDead = async (owner: Owner): Promise<boolean> => {
  const { pid, started } = owner;
  if (!(await isHere(owner))) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code !== 'EPERM';
  }
  return (await startOf(pid)) !== started;
};

/** Whether the owner ran on this machine before its last start: it is then gone, wherever on the machine it was. */
export const isBeforeRestart = async ({ place, machine }: Owner): Promise<boolean> => {
  const [boot] = (await placeOf()).split('/');
  return machine === (await thisMachine()) && place.includes('/') && place.split('/')[0] !== boot;
};

/** Whether the process is certainly gone, by its number or because the machine was restarted. */
export const isGone = async (owner: Owner): Promise<boolean> => (await isDead(owner)) || (await isBeforeRestart(owner));

/** The form in which objects record their owner: place, process, its start, and the machine, separated by blanks. */
export const ownerText = ({ place, pid, started, machine }: Owner): string =>
  [place, pid, started, ...(machine === undefined ? [] : [machine])].join(' ');

/** Reads the output of `ownerText`, from this version or an earlier one; undefined for anything else. */
export const parseOwner = (text: string | undefined): Owner | undefined => {
  const [, place, pid, started = '', machine] = /^(\S+) (\d+) (\d*)(?: ([0-9a-f]+))?$/.exec(text ?? '') ?? [];
  if (place === undefined) return undefined;
  return { place, pid: Number(pid), started, ...(machine !== undefined && { machine }) };
};
