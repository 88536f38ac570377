import { readdir, readFile } from 'node:fs/promises';

/** Ends the processes whose environment holds the text, `NAME=value`, and returns their command lines. */
export const endProcesses = async (variable: string): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(variable)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      // One that is ending has no command line any more.
      if (command === '') return [];
      end(Number(pid));
      return [`${pid}: ${command.replaceAll('\0', ' ').trim()}`];
    }),
  );
  return found.flat();
};

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};
