import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The repository's root. */
export const root = join(import.meta.dirname, '../../..');

/** A new folder with these files, executable ones by a leading `#!`, removed when `work` has ended. */
export const inFolder = async (
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-unit-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
      if (content.startsWith('#!')) await chmod(join(folder, path), 0o755);
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
