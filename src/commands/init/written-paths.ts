/** What a scenario calls files that lie elsewhere. */
import { access } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { packageVersion } from '../version.ts';

/** A path that is relative to the working folder, from another one. */
export const fromFolder = (folder: string, path: string): string =>
  relative(resolve(folder), resolve(path)).split(sep).join('/') || '.';

/** The schema of the installed package, which needs no network; otherwise the published one. */
export const schemaFor = async (folder: string): Promise<string> => {
  const installed = 'node_modules/podreach/schema/scenario.json';
  return access(installed).then(
    () => fromFolder(folder, installed),
    () => `https://unpkg.com/podreach@${packageVersion()}/schema/scenario.json`,
  );
};
