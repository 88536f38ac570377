import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../src/cache-folder.ts';

/** What is not there for good in the folders of the cache. */
const PASSING: Readonly<Record<string, RegExp>> = {
  artifacts: /unfinished/v,
  clusters: /./v,
  'last-results': /^\./v,
  locks: /\.lock$/v,
};

/** What is in the cache for a time only. */
export const filesInCache = async (): Promise<readonly string[]> => {
  const all = Object.entries(PASSING).map(async ([place, passing]) => {
    const names = await readdir(join(cacheFolder(), place), { recursive: place === 'clusters' }).catch(() => []);
    return names.filter((name) => passing.test(name)).map((name) => `file ${join(place, name)}`);
  });
  return (await Promise.all(all)).flat();
};

/** Everything below a folder but what is meant to stay there. */
export const filesBelow = async (folder: string, stays: RegExp): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => !stays.test(name)).map((name) => `file ${name}`);

/** Processes of this machine that began with this text in their environment, as children of killed ones do. */
export const processesWith = async (text: string): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string): Promise<string> => readFile(join('/proc', pid, name), 'utf8').catch(() => '');
      if (!(await read('environ')).includes(text)) return [];
      const command = (await read('cmdline')).replaceAll('\0', ' ').slice(0, 120);
      // A zombie has none.
      return command === '' ? [] : [`process ${pid} ${command}`];
    }),
  );
  return found.flat();
};
