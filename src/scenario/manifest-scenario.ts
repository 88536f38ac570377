import { basename, extname } from 'node:path';
import { excerpt, listed } from '../text.ts';
import type { SourceDocument } from './document.ts';
import type { ManifestFile } from './from.ts';
import { loadScenario } from './load-scenario.ts';
import { STDIN } from './manifest-paths.ts';
import { type Problem, pathProblem, shownPath } from './problem.ts';
import type { Scenario } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { type Allowance, repositoryOf } from './source.ts';
import { namespaceNameProblem } from './syntax.ts';
import { podsOf } from './topology.ts';
import { unwritten } from './unwritten.ts';

const LONGEST = 200;

const nameOf = (path: string): string => {
  if (path === STDIN) return 'stdin';
  const name = basename(shownPath(path)) || '.';
  return name.slice(0, name.length - extname(name).length) || name;
};

/** What scenario.yaml would say of the manifests at these paths. */
const written = (path: string, named: readonly string[]): SourceDocument => {
  const name = excerpt(listed(named.map(nameOf), 3), LONGEST);
  const value: WrittenScenario = { name, namespaces: {}, policies: [], expect: 'model' };
  return unwritten(path, value);
};

const hint =
  'name the manifests of the workloads as well (`podreach compare`: by --with), or write a scenario with `from:` and pods of its own';

export interface ManifestOptions {
  readonly files: readonly ManifestFile[];
  /** Of the paths, those that don't name it if there are others. */
  readonly shared: readonly string[];
  readonly allowance: Allowance;
  /** The namespace of objects that name none. */
  readonly namespace: string | undefined;
  /** There may be no pod. */
  readonly mayBeEmpty: boolean | undefined;
}

/**
 * The scenario that manifests make by themselves: what runs there, and as its expectation what the model predicts.
 * `paths` are those of the command line. Without a pod there is nothing to ask about, which goes to `problems` unless that is fine.
 */
export const loadManifests = async (
  paths: readonly string[],
  { files, shared, allowance, namespace, mayBeEmpty = false }: ManifestOptions,
  problems: Problem[],
): Promise<Scenario | null> => {
  const [first = STDIN] = paths;
  const path = first === STDIN ? 'stdin' : first;
  const problem = namespace === undefined ? undefined : namespaceNameProblem(namespace);
  if (problem !== undefined) problems.push(pathProblem(path, problem));
  const before = problems.length;
  const own = paths.filter((one) => !shared.includes(one));
  const source = {
    path,
    document: written(path, own.length > 0 ? own : paths),
    isSound: true as const,
    repository: await repositoryOf(path, allowance),
  };
  const scenario = await loadScenario({ ...source, manifests: files, namespace }, problems);
  const needsPods = !mayBeEmpty && problems.length === before;
  if (scenario && needsPods && podsOf(scenario.steps[0].topology).length === 0)
    problems.push({
      ...pathProblem(path, 'no pods: there is no Pod, Deployment or other workload in these manifests'),
      hint,
    });
  return scenario && { ...scenario, fromManifests: true };
};
