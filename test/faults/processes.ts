import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends the processes whose environment holds the text, `NAME=value`, and returns their command lines. It reads at once,
 * because each of hundreds of small files costs ten times as much through the thread pool.
 */
export const endProcesses = (variable: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/v.test(name))
    .flatMap((pid) => {
      if (!textOf(`/proc/${pid}/environ`).split('\0').includes(variable)) return [];
      const command = textOf(`/proc/${pid}/cmdline`);
      // One that is ending has no command line any more.
      if (command === '') return [];
      end(Number(pid));
      return [`${pid}: ${command.replaceAll('\0', ' ').trim()}`];
    });

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
