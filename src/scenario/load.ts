import { PodreachError } from '../errors.ts';
import { quoted } from '../text.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import { findScenarios } from './find.ts';
import { type LeftOut, leftOutOf } from './left-out.ts';
import { loadScenario } from './load-scenario.ts';
import { partPaths } from './manifest-paths.ts';
import { loadManifests } from './manifest-scenario.ts';
import { fileProblem, type Problem, throwProblems } from './problem.ts';
import type { Scenario } from './scenario.ts';
import { type Allowance, fullAllowance, type Repository, readText, repositoryOf } from './source.ts';
import type { OpenStdin } from './stdin.ts';

const readScenario = async (
  path: string,
  repository: Repository,
  problems: Problem[],
): Promise<SourceDocument | null> => {
  const text = await readText(path, repository, problems);
  if (text === null) return null;
  const before = problems.length;
  const documents = parseDocuments(path, text, problems, repository.allowance);
  for (const { faults } of documents) for (const fault of faults) problems.push(fault);
  const [document, ...others] = documents;
  const extra = others[0];
  if (extra) problems.push(extra.problemAt([], 'a second document: a scenario has only one'));
  if (document?.value !== undefined) return document;
  if (problems.length === before) problems.push(fileProblem(path, 'empty: a scenario begins with its namespaces'));
  return null;
};

export interface LoadOptions {
  /** Opens standard input, which the path `-` stands for. */
  readonly openStdin?: OpenStdin | undefined;
  /** For manifests on the command line: the namespace of objects that name none, instead of `default`. */
  readonly namespace?: string | undefined;
  /** Paths to manifests that are only added to others, and so don't name the scenario. */
  readonly shared?: readonly string[];
  /** A folder may hold neither a scenario nor a manifest, and manifests may have no pod. */
  readonly mayBeEmpty?: boolean;
  /** Gets what is not taken below the folders, if there is something. */
  readonly onLeftOut?: (all: readonly LeftOut[]) => void;
  /** What may still be read; calls that share it parse equal manifests once. */
  readonly allowance?: Allowance;
}

/**
 * Loads scenarios, sorted by path. Each path is a scenario.yaml, a scenario's folder or a folder of those; a scenario
 * that several paths lead to is loaded once. All paths to manifests together (files, folders, `-`) are one scenario
 * more, which expects what the model predicts. Reports all problems in all files in one PodreachError, each as a line
 * `file:line:column: message`, sorted.
 */
export const loadScenarios = async (
  paths: readonly string[],
  { openStdin, namespace, shared = [], mayBeEmpty, onLeftOut, allowance = fullAllowance() }: LoadOptions = {},
): Promise<Scenario[]> => {
  const problems: Problem[] = [];
  const scenarios = new Map<string, Scenario>();
  const add = (scenario: Scenario | null, document: SourceDocument | null): void => {
    if (!scenario) return;
    const first = scenarios.get(scenario.name);
    if (!first) scenarios.set(scenario.name, scenario);
    else {
      const message = `duplicate scenario ${quoted(scenario.name)}: also ${first.file}`;
      problems.push(document?.problemAt(['name'], message) ?? fileProblem(scenario.file, message));
    }
  };
  const parted = await partPaths(paths, openStdin, allowance, problems);
  const found = await findScenarios(parted.others, allowance, problems, mayBeEmpty);
  if (onLeftOut) onLeftOut(await leftOutOf(parted.others, found));
  for (const path of found) {
    const repository = await repositoryOf(path, allowance);
    const document = await readScenario(path, repository, problems);
    add(document && (await loadScenario({ path, document, repository }, problems)), document);
  }
  const { manifests, files } = parted;
  if (namespace !== undefined && manifests.length === 0 && !(mayBeEmpty && scenarios.size === 0))
    throw new PodreachError('--namespace is for manifests without a scenario', {
      hint: 'write policyNamespace into scenario.yaml',
    });
  if (files.length > 0)
    add(await loadManifests(manifests, { files, shared, allowance, namespace, mayBeEmpty }, problems), null);
  throwProblems(problems);
  return [...scenarios.values()];
};
