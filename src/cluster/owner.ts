import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, told apart from one elsewhere and from a later one that got the same number. */
export interface Owner {
  /** The running system and the process namespace in it; numbers of processes mean nothing beyond it. */
  readonly place: string;
  readonly pid: number;
  /** In clock ticks since boot; empty where there is no /proc. */
  readonly started: string;
}

/** The kernel's boot and the namespace of process numbers (proc_sys_kernel(5), namespaces(7)), else the host's name. */
const placeOf = async (): Promise<string> => {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return boot && namespace ? `${boot.trim()}/${namespace}` : hostname();
};

/** Field 22 of proc_pid_stat(5); what stands before may hold blanks, but in parentheses. */
const startOf = async (pid: number): Promise<string> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};

/** This process. */
export const thisOwner = async (): Promise<Owner> => ({
  place: await placeOf(),
  pid: process.pid,
  started: await startOf(process.pid),
});

/** Whether the process is certainly gone; of one elsewhere, or before a restart of the machine, nothing is certain. */
export const isDead = async ({ place, pid, started }: Owner): Promise<boolean> => {
  if (place !== (await placeOf())) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code !== 'EPERM';
  }
  return (await startOf(pid)) !== started;
};

/** The form in which objects in a cluster carry their owner. */
export const ownerText = ({ place, pid, started }: Owner): string => `${place} ${pid} ${started}`;

/** Reads what `ownerText` wrote; undefined for anything else. */
export const parseOwner = (text: string | undefined): Owner | undefined => {
  const [, place, pid, started] = /^(\S+) (\d+) (\d*)$/.exec(text ?? '') ?? [];
  return place === undefined ? undefined : { place, pid: Number(pid), started: started ?? '' };
};

/** Whether the owner ran before this machine was last started: then it is gone, wherever on this machine it was. */
export const isBeforeRestart = async ({ place }: Owner): Promise<boolean> => {
  const [boot] = (await placeOf()).split('/');
  return place.includes('/') && place.split('/')[0] !== boot;
};
