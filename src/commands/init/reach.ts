import { dirname, join, relative, resolve, sep } from 'node:path';
import { commandLine } from '../../command-line.ts';
import { PodreachError } from '../../errors.ts';
import { repositoryFor } from '../../scenario/index.ts';

/**
 * A scenario reads nothing outside its repository. Throws a PodreachError if a scenario in this folder could not read
 * these manifests whenever it is loaded, with the command that puts the scenario where it can.
 */
export const requireInReach = async (folder: string, from: readonly string[]): Promise<void> => {
  if (from.includes('-')) {
    throw new PodreachError("a scenario reads its manifests each time, so they can't come from standard input", {
      hint: 'write them to a file: helm template . > rendered.yaml, then podreach init --from rendered.yaml',
    });
  }
  const { root, reaches } = await repositoryFor(folder);
  for (const path of from) {
    if (await reaches(path)) continue;
    throw new PodreachError(`${path} can't be used: a scenario in ${folder} may read only what is in ${named(root)}`, {
      hint: await cureFor(from, root),
    });
  }
};

const cureFor = async (from: readonly string[], root: string): Promise<string> => {
  const copy = `copy the manifests into ${named(root)}, and name the copy with --from`;
  const beside = join(commonFolder(from), 'podreach');
  const there = await repositoryFor(beside);
  const reached = await Promise.all(from.map((path) => there.reaches(path)));
  if (reached.includes(false)) return copy;
  const command = commandLine(['podreach', 'init', shown(beside), ...from.flatMap((path) => ['--from', path])]);
  return `write the scenario beside the manifests: ${command}; or ${copy}`;
};

/** The innermost folder that holds all of these. */
const commonFolder = (paths: readonly string[]): string =>
  paths
    .map((path) => dirname(resolve(path)))
    .reduce((common, folder) => {
      while (folder !== common && !folder.startsWith(common === sep ? sep : `${common}${sep}`))
        common = dirname(common);
      return common;
    });

/** A folder in a sentence. */
const named = (path: string): string => (shown(path) === '.' ? 'this folder' : shown(path));

const shown = (path: string): string => relative('', path).split(sep).join('/') || '.';
