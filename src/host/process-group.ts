import { setTimeout as sleep } from 'node:timers/promises';
import { isDead, isHere, type Owner } from '../owner.ts';

const deadlineMs = 10_000;

/** Kills a process group at once, by the number of its first process. */
export const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
};

/**
 * Ends a process of this machine with everything it started, if it still runs and leads its own group. Resolves once it
 * is gone, with whether there was anything to end.
 */
export const endGroup = async (leader: Owner): Promise<boolean> => {
  if (!(await isHere(leader)) || (await isDead(leader))) return false;
  killGroup(leader.pid);
  for (let waitedMs = 0; waitedMs < deadlineMs && !(await isDead(leader)); waitedMs += 50) await sleep(50);
  return true;
};
