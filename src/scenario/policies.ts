import { dirname } from 'node:path';
import { type Path, type Place, type PolicyProblem, readPolicy } from '../model/index.ts';
import { type nearest, quoted } from '../wording.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import { findFiles } from './find.ts';
import { LIMITS } from './limits.ts';
import { whyNoManifest } from './manifest.ts';
import { fileProblem, type Problem } from './problem.ts';
import type { ReadPolicy } from './scenario.ts';
import { type Repository, readText } from './source.ts';

export interface PolicyPlaces {
  /** The namespaces of the topology; null where they are not known, so that nothing is said of them. */
  readonly namespaces: readonly string[] | null;
  /** Where a policy lands that names no namespace. */
  readonly fallback: string;
  /** Of `createNearest`: thousands of policies may be in the wrong place. */
  readonly nearest: typeof nearest;
}

const defaultPatterns = ['policies/*.yaml'];
const noneHint = 'A scenario without policies says so with `policies: []`.';

/** The namespace that a manifest names, whatever else is wrong with it. */
const namespaceIn = (manifest: unknown): unknown => Object(Object(manifest).metadata).namespace;

const readOne = (document: SourceDocument, places: PolicyPlaces, problems: Problem[]): ReadPolicy | null => {
  const manifest = document.value;
  const namespacePath = ['metadata', 'namespace'];
  let soundNamespace = true;
  const placeOf = (path: Path): Place => {
    const { file, line, column } = document.problemAt(path, '');
    return { file, line, column };
  };
  const tell = ({ path, onKey, message }: PolicyProblem): void => {
    problems.push(onKey ? document.problemAtKey(path, message) : document.problemAt(path, message));
    soundNamespace &&= path.join('.') !== namespacePath.join('.');
  };
  const spec = readPolicy(manifest, tell, { namespace: places.fallback, placeOf });
  const namespace = namespaceIn(manifest);
  if (
    soundNamespace &&
    typeof namespace === 'string' &&
    namespace &&
    places.namespaces?.includes(namespace) === false
  ) {
    const near = places.nearest('namespace', namespace, places.namespaces);
    problems.push(document.problemAt(namespacePath, `the scenario has no namespace ${quoted(namespace)}${near}`));
  }
  if (!spec) return null;
  const { file, line } = placeOf([]);
  return { name: spec.name, namespace: spec.namespace, manifest: manifest as ReadPolicy['manifest'], file, line, spec };
};

const readPolicies = async (path: string, repository: Repository, places: PolicyPlaces, problems: Problem[]) => {
  const text = await readText(path, repository, problems);
  if (text === null) return [];
  const before = problems.length;
  const documents = parseDocuments(path, text, problems, repository.allowance, 'hidden');
  // Documents with nothing in them, as a leading `---` makes them, are nothing to kubectl either.
  const filled = documents.filter(({ value }) => value !== undefined);
  if (filled.length === 0 && problems.length === before) problems.push(fileProblem(path, 'no policy in this file'));
  return filled.flatMap((document) => {
    const problem = whyNoManifest(document.value);
    if (problem !== null) problems.push(document.problemAt([], problem));
    const policy = problem === null ? readOne(document, places, problems) : null;
    return policy ? [{ policy, document }] : [];
  });
};

/**
 * The policies of a scenario, by path and then as they follow each other in a file, each manifest as it was parsed.
 * What is wrong goes to `problems`: a pattern without a file, what the API server would refuse, a name that is used twice
 * in a namespace.
 */
export const loadPolicies = async (
  scenario: SourceDocument,
  scenarioPath: string,
  patterns: readonly string[] | undefined,
  repository: Repository,
  places: PolicyPlaces,
  problems: Problem[],
): Promise<readonly ReadPolicy[]> => {
  const paths = new Set<string>();
  for (const [at, pattern] of (patterns ?? defaultPatterns).entries()) {
    const before = problems.length;
    const found = await findFiles(dirname(scenarioPath), pattern, repository, (message) =>
      problems.push(scenario.problemAt(['policies', at], message)),
    );
    if (found.length === 0 && problems.length === before)
      problems.push(scenario.problemAt(['policies', at], `no file matches ${quoted(pattern)}`, noneHint));
    for (const path of found) paths.add(path);
  }
  const policies = new Map<string, ReadPolicy>();
  for (const path of paths)
    for (const { policy, document } of await readPolicies(path, repository, places, problems)) {
      const key = `${policy.namespace}/${policy.name}`;
      const first = policies.get(key);
      if (first)
        problems.push(
          document.problemAt(['metadata', 'name'], `duplicate policy ${key}: also in ${first.file}:${first.line}`),
        );
      else policies.set(key, policy);
    }
  const last = [...policies.values()][LIMITS.policies];
  if (last)
    problems.push({
      file: last.file,
      line: last.line,
      column: 1,
      message: `${policies.size} policies: at most ${LIMITS.policies} in a scenario`,
    });
  return last ? [] : [...policies.values()];
};
