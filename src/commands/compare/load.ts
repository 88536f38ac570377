import { relative, sep } from 'node:path';
import { PodreachError } from '../../errors.ts';
import {
  type LeftOut,
  type LoadOptions,
  loadScenarios,
  type Note,
  type ReadPolicy,
  type Scenario,
} from '../../scenario/index.ts';
import { expandedAll, folderOfPattern, onDisk, pathsIn } from '../scenarios/index.ts';
import { type GitTree, withGitTree } from './git/index.ts';
import type { SideSource } from './sides.ts';

/** The scenarios of a side, with the manifests that both sides share; files of a revision are called `main:k8s/a.yaml`. */
export const loadSide = async (
  { paths, isWhole, git }: SideSource,
  shared: readonly string[],
  options: LoadOptions,
  unfinished?: Set<string>,
): Promise<readonly Scenario[]> => {
  if (paths.length === 0 && shared.length === 0) return [];
  if (!git || paths.length === 0)
    return loadScenarios([...(await expandedAll(paths)), ...shared], { ...options, shared });
  const work = async (tree: GitTree): Promise<readonly Scenario[]> => {
    const prefix = relative('', tree.root).split(sep).join('/');
    const nameOf = (file: string): string => {
      if (file === prefix) return `${git.name}:`;
      return file.startsWith(`${prefix}/`) ? `${git.name}:${file.slice(prefix.length + 1)}` : file;
    };
    const inRepository = (shown: string): string => shown.replace(`${prefix}/`, '').replace(prefix, '.');
    const leftOut = ({ folder, folders, ...left }: LeftOut): LeftOut => ({
      ...{ ...left, folder: inRepository(folder), folders: folders.map(inRepository) },
    });
    // A message has its places in its text.
    const rename = (text: string): string => text.replaceAll(`${prefix}/`, `${git.name}:`).replaceAll(prefix, git.name);
    try {
      // Of a pattern the tree has the folder.
      const written = tree.paths.map((path, at) => (paths[at] === treePath(paths[at] ?? '') ? path : `${path}/**`));
      const own = isWhole ? (await Promise.all(tree.paths.map(pathsIn))).flat() : await expandedAll(written, onDisk);
      if (own.length === 0) return [];
      const scenarios = await loadScenarios([...own, ...shared], {
        ...options,
        shared,
        ...(options.onLeftOut && { onLeftOut: (all) => options.onLeftOut?.(all.map(leftOut)) }),
      });
      return scenarios.map((scenario) => renamed(scenario, nameOf));
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      const { message, hint } = error;
      throw new PodreachError(rename(message), hint === undefined ? {} : { hint: rename(hint) });
    }
  };
  return withGitTree({ ...git, paths: paths.map(treePath) }, work, unfinished);
};

/** A path of a revision without a pattern; '' is the top. */
export const treePath = (path: string): string => folderOfPattern(path).replace(/^\.$/, '');

const renamed = (scenario: Scenario, nameOf: (file: string) => string): Scenario => {
  const policyOf = (policy: ReadPolicy): ReadPolicy => {
    const { placeOf } = policy.spec;
    const placed = placeOf && {
      placeOf: (path: Parameters<typeof placeOf>[0]) => {
        const place = placeOf(path);
        return { ...place, file: nameOf(place.file) };
      },
    };
    return { ...policy, file: nameOf(policy.file), spec: { ...policy.spec, ...placed } };
  };
  const [first, ...others] = scenario.steps.map((step) => ({ ...step, policies: step.policies.map(policyOf) }));
  return {
    ...scenario,
    file: nameOf(scenario.file),
    steps: [first as Scenario['steps'][0], ...others],
    ...(scenario.notes && { notes: scenario.notes.map((note) => renamedNote(note, nameOf)) }),
  };
};

/** `first` is a place too, as `file:line`. */
const renamedNote = (note: Note, nameOf: (file: string) => string): Note => ({
  ...note,
  file: nameOf(note.file),
  ...('first' in note && { first: nameOf(note.first) }),
});
