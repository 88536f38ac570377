import { basename, extname } from 'node:path';
import { excerpt, listed } from '../text.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import type { ManifestFile } from './from.ts';
import { loadScenario } from './load-scenario.ts';
import { STDIN } from './manifest-paths.ts';
import { namespaceName } from './pods-schema.ts';
import { fileProblem, type Problem, pathProblem, shownPath } from './problem.ts';
import type { Scenario } from './scenario.ts';
import { type Allowance, fullAllowance, repositoryOf } from './source.ts';
import { podsOf } from './topology.ts';

const LONGEST = 200;

const nameOf = (path: string): string => {
  if (path === STDIN) return 'stdin';
  const name = basename(shownPath(path)) || '.';
  return name.slice(0, name.length - extname(name).length) || name;
};

/** What scenario.yaml would say of the manifests at these paths. Nobody wrote it, so a problem with it has no place. */
const written = (path: string, paths: readonly string[]): SourceDocument => {
  const name = excerpt(listed(paths.map(nameOf), 3), LONGEST);
  const text = `name: ${JSON.stringify(name)}\nnamespaces: {}\npolicies: []\nexpect: model\n`;
  const [document] = parseDocuments(path, text, [], fullAllowance());
  if (!document) throw new RangeError('a scenario without content');
  return { ...document, problemAt: (_path, message) => fileProblem(path, message) };
};

const hint = 'Name the manifests of the workloads as well, or write a scenario with `from:` and pods of its own.';

export interface ManifestOptions {
  readonly files: readonly ManifestFile[];
  readonly allowance: Allowance;
  /** The namespace of objects that name none. */
  readonly namespace: string | undefined;
}

/**
 * The scenario that manifests make by themselves: what runs there, and as its expectation what the model predicts.
 * `paths` are those of the command line. Without a pod there is nothing to ask about, which goes to `problems`.
 */
export const loadManifests = async (
  paths: readonly string[],
  { files, allowance, namespace }: ManifestOptions,
  problems: Problem[],
): Promise<Scenario | null> => {
  const [first = STDIN] = paths;
  const path = first === STDIN ? 'stdin' : first;
  const [issue] = namespaceName.optional().safeParse(namespace).error?.issues ?? [];
  if (issue) problems.push(pathProblem(path, issue.message));
  const before = problems.length;
  const source = { path, document: written(path, paths), repository: await repositoryOf(path, allowance) };
  const scenario = await loadScenario({ ...source, manifests: files, namespace }, problems);
  if (scenario && problems.length === before && podsOf(scenario.steps[0].topology).length === 0)
    problems.push({
      ...pathProblem(path, 'no pods: there is no Pod, Deployment or other workload in these manifests'),
      hint,
    });
  return scenario && { ...scenario, fromManifests: true };
};
