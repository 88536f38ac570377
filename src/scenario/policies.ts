import { dirname } from 'node:path';
import type { SourceDocument } from './document.ts';
import { findManifests, nothingMatches } from './manifest-files.ts';
import type { PolicySet } from './policy-set.ts';
import type { Problem } from './problem.ts';
import { type PolicyPlaces, readManifests } from './read-manifests.ts';
import { type Repository, readText } from './source.ts';

const defaultPatterns = ['policies/**'];
const noneHint = 'A scenario without policies says so with `policies: []`.';

export interface PolicyFiles {
  readonly scenario: SourceDocument;
  readonly scenarioPath: string;
  /** undefined: what is in `policies/`. */
  readonly patterns: readonly string[] | undefined;
  /** Whether there are policies elsewhere, so that there need not be any in `policies/`. */
  readonly mayBeMissing: boolean;
  /** Files that were read already. */
  readonly known: ReadonlySet<string>;
  readonly repository: Repository;
  readonly places: PolicyPlaces;
}

/**
 * Adds the policies of a scenario to a set, sorted by path and then by their order in the file. Errors go to
 * `problems`: a pattern without a file, what kubectl or the API server would refuse.
 */
export const loadPolicies = async (
  { scenario, scenarioPath, patterns, mayBeMissing, known, repository, places }: PolicyFiles,
  policies: PolicySet,
  problems: Problem[],
): Promise<void> => {
  const paths = new Set<string>();
  for (const [at, pattern] of (patterns ?? defaultPatterns).entries()) {
    const before = problems.length;
    const found = await findManifests(dirname(scenarioPath), pattern, repository, (message) =>
      problems.push(scenario.problemAt(['policies', at], message)),
    );
    if (found.length === 0 && problems.length === before && !(mayBeMissing && patterns === undefined))
      problems.push(scenario.problemAt(['policies', at], nothingMatches(pattern), noneHint));
    for (const path of found) if (!known.has(path)) paths.add(path);
  }
  for (const path of paths) {
    const text = await readText(path, repository, problems);
    if (text !== null) policies.add(readManifests({ path, text }, places, repository.allowance, problems));
  }
};
