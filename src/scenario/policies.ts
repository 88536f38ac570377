import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SourceDocument } from './document.ts';
import { LIMITS } from './limits.ts';
import { findManifests, nothingMatches } from './manifest-files.ts';
import type { Problem } from './problem.ts';
import { type PolicyPlaces, readManifests } from './read-manifests.ts';
import type { Note, ReadPolicy } from './scenario.ts';
import { type Repository, readText } from './source.ts';

const defaultPatterns = ['policies/**'];
const noneHint = 'A scenario without policies says so with `policies: []`.';

export interface LoadedPolicies {
  readonly policies: readonly ReadPolicy[];
  /** What is not sent from their files. */
  readonly notes: readonly Note[];
}

/**
 * The policies of a scenario, sorted by path and then by their order in the file. Errors go to `problems`: a pattern
 * without a file, what kubectl or the API server would refuse, two different policies with one name in a namespace.
 */
export const loadPolicies = async (
  scenario: SourceDocument,
  scenarioPath: string,
  patterns: readonly string[] | undefined,
  repository: Repository,
  places: PolicyPlaces,
  problems: Problem[],
): Promise<LoadedPolicies> => {
  const paths = new Set<string>();
  for (const [at, pattern] of (patterns ?? defaultPatterns).entries()) {
    const before = problems.length;
    const found = await findManifests(dirname(scenarioPath), pattern, repository, (message) =>
      problems.push(scenario.problemAt(['policies', at], message)),
    );
    if (found.length === 0 && problems.length === before)
      problems.push(scenario.problemAt(['policies', at], nothingMatches(pattern), noneHint));
    for (const path of found) paths.add(path);
  }
  const policies = new Map<string, ReadPolicy>();
  const notes: Note[] = [];
  /** kubectl applies one after the other: equal ones are one policy, and of different ones the last would win. */
  const tellRepeated = (one: ReadPolicy, policy: ReadPolicy, document: SourceDocument): void => {
    const name = `${policy.namespace}/${policy.name}`;
    const first = `${one.file}:${one.line}`;
    const place = document.problemAt(
      ['metadata', 'name'],
      `duplicate policy ${name}, with a different spec than at ${first}`,
      'kubectl applies both, and the later one wins: keep one of them',
    );
    if (!isDeepStrictEqual(one.manifest.spec, policy.manifest.spec)) problems.push(place);
    else notes.push({ kind: 'repeated', file: policy.file, line: place.line, column: place.column, name, first });
  };
  for (const path of paths) {
    const text = await readText(path, repository, problems);
    if (text === null) continue;
    const read = readManifests(path, text, places, repository.allowance, problems);
    for (const note of read.notes) notes.push(note);
    for (const { policy, document } of read.policies) {
      const key = `${policy.namespace}/${policy.name}`;
      const first = policies.get(key);
      if (first) tellRepeated(first, policy, document);
      else policies.set(key, policy);
    }
  }
  const last = [...policies.values()][LIMITS.policies];
  if (last)
    problems.push({
      file: last.file,
      line: last.line,
      column: 1,
      message: `${policies.size} policies: at most ${LIMITS.policies} in a scenario`,
    });
  return { policies: last ? [] : [...policies.values()], notes };
};
