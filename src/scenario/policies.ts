import { dirname } from 'node:path';
import * as z from 'zod';
import { parseDocuments, type SourceDocument } from './document.ts';
import { dnsLabel } from './field.ts';
import { findFiles } from './find.ts';
import { fileProblem, type Problem } from './problem.ts';
import type { Policy } from './scenario.ts';
import { readText } from './source.ts';
import { validate } from './validate.ts';
import { nearest, quoted } from './wording.ts';

export interface PolicyPlaces {
  /** The namespaces of the topology; null where they are not known, so that nothing is said of them. */
  readonly namespaces: readonly string[] | null;
  /** Where a policy lands that names no namespace. */
  readonly fallback: string;
}

const defaultPatterns = ['policies/*.yaml'];
const noneHint = 'A scenario without policies says so with `policies: []`.';

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
const policyName = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/, {
    error: ({ input }) => `invalid policy name ${quoted(input)}: a DNS name of at most 253 lower-case characters`,
  });

/** Only what podreach relies on: the rest is the API server's to judge, and goes there as it is. */
const policySchema = z.looseObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.looseObject({
    name: policyName,
    namespace: z.union([z.literal(''), dnsLabel('namespace name')]).nullish(),
  }),
});

const readPolicy = (document: SourceDocument, places: PolicyPlaces, problems: Problem[]): Policy | null => {
  const sound = validate(document, policySchema, problems);
  if (!sound() || !['apiVersion', 'kind', 'metadata'].every(sound)) return null;
  const manifest = document.value as z.infer<typeof policySchema>;
  const { name, namespace } = manifest.metadata;
  if (namespace && places.namespaces && !places.namespaces.includes(namespace)) {
    const message = `the scenario has no namespace ${quoted(namespace)}`;
    problems.push(
      document.problemAt(['metadata', 'namespace'], message + nearest('namespace', namespace, places.namespaces)),
    );
  }
  const { file, line } = document.problemAt([], '');
  return { name, namespace: namespace || places.fallback, manifest, file, line };
};

const readPolicies = async (path: string, places: PolicyPlaces, problems: Problem[]) => {
  const text = await readText(path, problems);
  if (text === null) return [];
  const before = problems.length;
  const documents = parseDocuments(path, text, problems);
  // Documents with nothing in them, as a leading `---` makes them, are nothing to kubectl either.
  const filled = documents.filter(({ value }) => value !== undefined);
  if (filled.length === 0 && problems.length === before) problems.push(fileProblem(path, 'no policy in this file'));
  return filled.flatMap((document) => {
    const policy = readPolicy(document, places, problems);
    return policy ? [{ policy, document }] : [];
  });
};

/**
 * The policies of a scenario, by path and then as they follow each other in a file, each manifest as it was parsed.
 * What is wrong goes to `problems`: a pattern without a file, another kind, a name that is used twice in a namespace.
 */
export const loadPolicies = async (
  scenario: SourceDocument,
  scenarioPath: string,
  patterns: readonly string[] | undefined,
  places: PolicyPlaces,
  problems: Problem[],
): Promise<readonly Policy[]> => {
  const paths = new Set<string>();
  for (const [at, pattern] of (patterns ?? defaultPatterns).entries()) {
    const found = await findFiles(dirname(scenarioPath), pattern);
    if (found.length === 0)
      problems.push(scenario.problemAt(['policies', at], `no file matches ${quoted(pattern)}`, noneHint));
    for (const path of found) paths.add(path);
  }
  const policies = new Map<string, Policy>();
  for (const path of paths)
    for (const { policy, document } of await readPolicies(path, places, problems)) {
      const key = `${policy.namespace}/${policy.name}`;
      const first = policies.get(key);
      if (first)
        problems.push(
          document.problemAt(['metadata', 'name'], `duplicate policy ${key}: also in ${first.file}:${first.line}`),
        );
      else policies.set(key, policy);
    }
  return [...policies.values()];
};
