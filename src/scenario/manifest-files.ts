import { extname, resolve } from 'node:path';
import { quoted } from '../text.ts';
import { findFiles, isFolder } from './find.ts';
import type { Repository } from './source.ts';

/** The extensions that kubectl reads in a folder (FileExtensions of k8s.io/cli-runtime). */
const extensions: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);
const isManifest = (path: string): boolean => extensions.has(extname(path));

const namesExtension = (pattern: string): boolean => /\.[^/]*$/.test(pattern);

/** The message for a pattern that matches nothing. */
export const nothingMatches = (pattern: string): string =>
  `no ${namesExtension(pattern) ? 'file' : 'manifest (.yaml, .yml or .json)'} matches ${quoted(pattern)}`;

/**
 * The policy files that a pattern selects, relative to a folder, sorted. A folder stands for every manifest below it,
 * as `kubectl apply -R -f` walks it. A pattern without an extension selects manifests only; one with an extension
 * selects whatever it matches. Reports why a pattern can't be used.
 */
export const findManifests = async (
  base: string,
  pattern: string,
  repository: Repository,
  tell: (message: string) => void,
): Promise<readonly string[]> => {
  const folder = pattern.replace(/\/+$/, '');
  if (await isFolder(resolve(base, folder)))
    return (await findFiles(base, `${folder}/**`, repository, tell)).filter(isManifest);
  const found = await findFiles(base, pattern, repository, tell);
  return namesExtension(pattern) ? found : found.filter(isManifest);
};
