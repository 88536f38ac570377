import { join, resolve } from 'node:path';
import { isFolder, isScenarioName } from './find.ts';
import { fileIn, findManifestFiles, type ManifestFile } from './from.ts';
import { fileProblem, type Problem, shownPath } from './problem.ts';
import { type Allowance, fullAllowance, isThere, readText, repositoryOf } from './source.ts';
import { type OpenStdin, stdinFile } from './stdin.ts';

/** The paths of a command line, by what they lead to. */
export interface PartedPaths {
  /** Those to manifests, as they were given. */
  readonly manifests: readonly string[];
  readonly files: readonly ManifestFile[];
  /** Those to scenarios, and those that lead nowhere. */
  readonly others: readonly string[];
}

/** As kubectl calls standard input. */
export const STDIN = '-';
/** More of a folder's files are not opened to learn what it holds. */
const MOST_OPENED = 100;

/** Whether a text holds a Kubernetes object; told without parsing, because it may be anything. */
const looksLikeManifest = (text: string): boolean =>
  /^(?:---[ \t]+)?["']?(?:apiVersion|kind)["']?[ \t]*:/m.test(text) ||
  (/^\s*\{/.test(text) && /\bapiVersion["']?\s*:/.test(text) && /\bkind["']?\s*:/.test(text));

const isManifest = async (path: string): Promise<boolean> => {
  const text = await readText(path, await repositoryOf(path, fullAllowance()), []);
  return text !== null && looksLikeManifest(text);
};

const holdsManifest = async (files: readonly ManifestFile[]): Promise<boolean> => {
  for (const { path } of files.slice(0, MOST_OPENED)) if (await isManifest(path)) return true;
  return false;
};

/** The manifests in a folder, or null if it holds none, or scenarios. */
const manifestsIn = async (
  folder: string,
  allowance: Allowance,
  problems: Problem[],
): Promise<readonly ManifestFile[] | null> => {
  if (await isThere(join(folder, 'scenario.yaml'))) return null;
  const told: string[] = [];
  const repository = await repositoryOf(join(folder, 'scenario.yaml'), allowance);
  const files = await findManifestFiles(folder, ['.'], repository, (_, message) => told.push(message));
  if (files.some(({ path }) => isScenarioName(path)) || !(await holdsManifest(files))) return null;
  if (!(await isThere(join(folder, 'Chart.yaml')))) return files;
  const shown = shownPath(folder);
  const hint = `helm template ${shown} | podreach model -`;
  problems.push({ ...fileProblem(join(folder, 'Chart.yaml'), 'a Helm chart is not a manifest: render it'), hint });
  return [];
};

/**
 * Parts the paths of a command line. One leads to manifests if it is `-`, a file with a Kubernetes object, or a folder
 * that holds some and, at any depth, no scenario. Files come in the order of the paths, each once.
 */
export const partPaths = async (
  paths: readonly string[],
  openStdin: OpenStdin | undefined,
  allowance: Allowance,
  problems: Problem[],
): Promise<PartedPaths> => {
  const files = new Map<string, ManifestFile>();
  const manifests: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const found = await filesAt(path, openStdin, allowance, problems);
    (found ? manifests : others).push(path);
    for (const file of found ?? []) files.set(file.path, files.get(file.path) ?? file);
  }
  return { manifests, files: [...files.values()], others };
};

const filesAt = async (
  path: string,
  openStdin: OpenStdin | undefined,
  allowance: Allowance,
  problems: Problem[],
): Promise<readonly ManifestFile[] | null> => {
  if (path === STDIN && openStdin) return [stdinFile(openStdin)];
  const absolute = resolve(path);
  if (await isFolder(absolute)) return manifestsIn(absolute, allowance, problems);
  if (isScenarioName(absolute) || !(await isManifest(absolute))) return null;
  return [fileIn(await repositoryOf(absolute, allowance), absolute)];
};
