import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fullAllowance, isInside, repositoryOf } from './source.ts';

/** Where a scenario in this folder may read, whether or not the folder exists yet. */
export const repositoryFor = async (folder: string) => {
  const repository = await repositoryOf(join(resolve(folder), 'scenario.yaml'), fullAllowance());
  return {
    root: repository.root,
    reaches: async (path: string): Promise<boolean> =>
      isInside(repository, await realpath(path).catch(() => resolve(path))),
  };
};
