import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Found {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes whose environment holds the text, `NAME=value`. It reads at once, because each of hundreds of small files
 * costs ten times as much through the thread pool.
 */
export const processesWith = (variable: string): readonly Found[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/v.test(name))
    .flatMap((pid) => {
      if (!textOf(`/proc/${pid}/environ`).split('\0').includes(variable)) return [];
      const command = textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      // One that is ending has no command line any more.
      return command === '' ? [] : [{ pid: Number(pid), command }];
    });

/** Ends these processes, and returns their command lines. */
export const endProcesses = (variable: string): readonly string[] =>
  processesWith(variable).map(({ pid, command }) => {
    end(pid);
    return `${pid}: ${command}`;
  });

/** Waits until all of these processes have ended by themselves, or for as long as they may take. */
export const untilEnded = async (variable: string, withinMs: number): Promise<void> => {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; await sleep(50))
    if (processesWith(variable).length === 0) return;
};

/** Nothing of a process that has ended, or of another user's. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};
