import { extname, resolve } from 'node:path';
import { quoted } from '../text.ts';
import { findFiles, isFolder } from './find.ts';
import type { Repository } from './source.ts';

/** What kubectl reads of a folder (FileExtensions of k8s.io/cli-runtime). */
const extensions: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);
const isManifest = (path: string): boolean => extensions.has(extname(path));

const namesExtension = (pattern: string): boolean => /\.[^/]*$/.test(pattern);

/** What to say of a pattern that picks nothing. */
export const nothingMatches = (pattern: string): string =>
  `no ${namesExtension(pattern) ? 'file' : 'manifest (.yaml, .yml or .json)'} matches ${quoted(pattern)}`;

/**
 * The files of policies that a pattern means, relative to a folder, sorted. A folder is every manifest below it, as
 * `kubectl apply -R -f` walks it. A pattern that names no extension picks manifests only; one that does, whatever it matches.
 * Why a pattern can't be used is told.
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
