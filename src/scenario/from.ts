import { dirname, sep } from 'node:path';
import type { Path, SourceDocument } from './document.ts';
import { findManifests, nothingMatches } from './manifest-files.ts';
import { compare, type Problem } from './problem.ts';
import { type Repository, readText } from './source.ts';

/** A file of manifests, or what stands for one. */
export interface ManifestFile {
  readonly path: string;
  /** null if it can't be read, which goes to the problems. */
  readonly read: (problems: Problem[]) => Promise<string | null>;
}

export const fileIn = (repository: Repository, path: string): ManifestFile => ({
  path,
  read: (problems) => readText(path, repository, problems),
});

/** In the order in which kubectl walks a folder, where the last of two objects with one name wins. */
const asWalked = (paths: readonly string[]): readonly string[] =>
  paths
    .map((path) => ({ path, names: path.split(sep) }))
    .sort(({ names }, { names: others }) => {
      const at = names.findIndex((name, index) => name !== others[index]);
      return at < 0 ? names.length - others.length : compare(names[at] ?? '', others[at] ?? '');
    })
    .map(({ path }) => path);

/** The manifests that patterns select, relative to a folder; reports a pattern that can't be used or matches nothing. */
export const findManifestFiles = async (
  folder: string,
  patterns: readonly string[],
  repository: Repository,
  tell: (at: number, message: string) => void,
): Promise<readonly ManifestFile[]> => {
  const paths = new Set<string>();
  for (const [at, pattern] of patterns.entries()) {
    let isTold = false;
    const found = await findManifests(folder, pattern, repository, (message) => {
      isTold = true;
      tell(at, message);
    });
    if (found.length === 0 && !isTold) tell(at, nothingMatches(pattern));
    for (const path of asWalked(found)) paths.add(path);
  }
  return [...paths].map((path) => fileIn(repository, path));
};

/** The files of a scenario's `from`. */
export const filesFrom = (
  scenario: SourceDocument,
  scenarioPath: string,
  from: string | readonly string[],
  repository: Repository,
  problems: Problem[],
): Promise<readonly ManifestFile[]> => {
  const place = (at: number): Path => (typeof from === 'string' ? ['from'] : ['from', at]);
  return findManifestFiles(dirname(scenarioPath), [from].flat(), repository, (at, message) =>
    problems.push(scenario.problemAt(place(at), message)),
  );
};
