import { inFolder } from '../scripts/temporary-folder.ts';

/** Has these programs first in PATH while `work` is under way, which gets their folder. */
export const onPath = (
  programs: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> =>
  inFolder(programs, async (folder) => {
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      await work(folder);
    } finally {
      process.env.PATH = before;
    }
  });
