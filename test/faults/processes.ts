import { readdir, readFile } from 'node:fs/promises';

/** The command lines of the processes whose environment holds the text, `NAME=value`. */
export const processesWith = async (variable: string): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(variable)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return [`${pid}: ${command.replaceAll('\0', ' ').trim()}`];
    }),
  );
  return found.flat();
};
