import { readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { quoted } from '../wording.ts';
import { findFiles } from './find.ts';
import { compare, fileProblem, type Problem } from './problem.ts';
import { isMissing, reasonOf } from './source.ts';

/** What kubectl reads of a folder (FileExtensions of k8s.io/cli-runtime). */
const extensions: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);
const isManifest = (path: string): boolean => extensions.has(extname(path));

/** Every manifest below a folder, as `kubectl apply -R -f` walks it: hidden ones too, behind links to folders none. */
const manifestsBelow = async (folder: string, problems: Problem[]): Promise<readonly string[]> => {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return files.filter(isManifest).toSorted(compare);
  } catch (error) {
    // A folder below that can't be read would hide policies.
    if (!isMissing(error)) problems.push(fileProblem(folder, reasonOf(error)));
    return [];
  }
};

const namesExtension = (pattern: string): boolean => /\.[^/]*$/.test(pattern);

/** What to say of a pattern that picks nothing. */
export const nothingMatches = (pattern: string): string =>
  `no ${namesExtension(pattern) ? 'file' : 'manifest (.yaml, .yml or .json)'} matches ${quoted(pattern)}`;

const wild = /[*?[\]{}!()+@\\]/;

/**
 * The files of policies that a pattern means, relative to a folder, sorted. A folder, with or without `/**` behind it,
 * is every manifest below it. A pattern that names no extension picks manifests only; one that does, whatever it matches.
 * A folder that can't be read goes to `problems`.
 */
export const findManifests = async (base: string, pattern: string, problems: Problem[]): Promise<readonly string[]> => {
  const folder = pattern.replace(/\/(?:\*\*)?$/, '');
  const below = wild.test(folder) ? [] : await manifestsBelow(resolve(base, folder), problems);
  if (below.length > 0) return below;
  const found = await findFiles(base, pattern);
  return namesExtension(pattern) ? found : found.filter(isManifest);
};
