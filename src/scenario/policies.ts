import { dirname } from 'node:path';
import type { Path, SourceDocument } from './document.ts';
import { findManifests, nothingMatches } from './manifest-files.ts';
import type { PolicySet } from './policy-set.ts';
import type { Problem } from './problem.ts';
import { type PolicyPlaces, readManifests } from './read-manifests.ts';
import { type Repository, readText } from './source.ts';

export interface PolicyFiles {
  readonly scenario: SourceDocument;
  readonly scenarioPath: string;
  /** Relative to the folder of the scenario, each with its place in `scenario`. */
  readonly patterns: readonly { readonly pattern: string; readonly path: Path }[];
  /** Whether there are policies elsewhere, so that no pattern has to match. */
  readonly mayBeMissing?: boolean;
  /** What else the user can do if a pattern matches nothing. */
  readonly hint?: string;
  /** Files that were read already. */
  readonly known?: ReadonlySet<string>;
  readonly repository: Repository;
  readonly places: PolicyPlaces;
}

/**
 * Adds the policies in files to a set, sorted by path and then by their order in the file. Errors go to `problems`: a
 * pattern without a file, what kubectl or the API server would refuse.
 */
export const loadPolicies = async (
  { scenario, scenarioPath, patterns, mayBeMissing = false, hint, known, repository, places }: PolicyFiles,
  policies: PolicySet,
  problems: Problem[],
): Promise<void> => {
  const paths = new Set<string>();
  for (const { pattern, path } of patterns) {
    const before = problems.length;
    const found = await findManifests(dirname(scenarioPath), pattern, repository, (message) =>
      problems.push(scenario.problemAt(path, message)),
    );
    if (found.length === 0 && problems.length === before && !mayBeMissing)
      problems.push(scenario.problemAt(path, nothingMatches(pattern), hint));
    for (const one of found) if (!known?.has(one)) paths.add(one);
  }
  for (const path of paths) {
    const text = await readText(path, repository, problems);
    if (text !== null) policies.add(readManifests({ path, text }, places, repository.allowance, problems));
  }
};
