import { readdir } from 'node:fs/promises';
import { PodreachError } from '../../errors.ts';
import { printable } from '../../text.ts';

/** Throws a PodreachError if the folder of a flag has something in it, before there is anything to write. */
export const requireNewFolder = async (flag: '--output' | '--plan', folder: string): Promise<void> => {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new PodreachError(`${flag} ${printable(folder)} can't be written: ${printable(error.message)}`);
  });
  if (found.length > 0)
    throw new PodreachError(`${flag} ${printable(folder)} is not empty`, { hint: 'name a new folder' });
};
