import { isDeepStrictEqual } from 'node:util';
import { nearest, quoted } from '../text.ts';
import type { Path, SourceDocument } from './document.ts';
import { loadPolicies, type PolicyFiles } from './policies.ts';
import { createPolicySet } from './policy-set.ts';
import type { Problem } from './problem.ts';
import type { Note, Policy, ReadPolicy } from './scenario.ts';
import type { WrittenStep } from './step-schema.ts';

/** How a step names files of policies, and what they may hold. */
export type StepFiles = Pick<PolicyFiles, 'scenarioPath' | 'repository' | 'places'>;

interface Read {
  readonly policies: readonly ReadPolicy[];
  readonly notes: readonly Note[];
}

const keyOf = ({ namespace, name }: Pick<Policy, 'namespace' | 'name'>): string => `${namespace}/${name}`;

/** What `delete` calls a policy that it names itself. */
const byName = (policy: Policy): string => `NetworkPolicy/${keyOf(policy)}`;

const looksLikeName = (entry: string): boolean => /^NetworkPolicy\/[^/]*\/[^/]*$/.test(entry);

const readFiles = async (
  scenario: SourceDocument,
  patterns: PolicyFiles['patterns'],
  files: StepFiles,
  problems: Problem[],
): Promise<Read> => {
  const set = createPolicySet(problems);
  await loadPolicies({ scenario, patterns, ...files }, set, problems);
  return { policies: set.all(), notes: set.notes };
};

/** The policies that are left after `delete`; those that are not in force go to `problems`. */
export const deletePolicies = async (
  document: SourceDocument,
  { delete: written = [] }: Pick<WrittenStep, 'delete'>,
  before: readonly ReadPolicy[],
  files: StepFiles,
  problems: Problem[],
): Promise<readonly ReadPolicy[]> => {
  const inForce = new Map(before.map((policy) => [keyOf(policy), policy]));
  const names = new Map(before.map((policy) => [byName(policy), policy]));
  const going = new Set<string>();
  for (const [at, entry] of written.entries()) {
    const path: Path = ['delete', at];
    const absent = (what: string, hint = ''): void =>
      void problems.push(document.problemAt(path, `${what} is not in force before this step${hint}`));
    if (looksLikeName(entry)) {
      const policy = names.get(entry);
      if (policy) going.add(keyOf(policy));
      else absent(quoted(entry), nearest('policy', entry, [...names.keys()]));
    } else {
      const { policies } = await readFiles(document, [{ pattern: entry, path }], files, problems);
      for (const policy of policies) {
        if (inForce.has(keyOf(policy))) going.add(keyOf(policy));
        else absent(`policy ${keyOf(policy)} (${policy.file}:${policy.line})`);
      }
    }
  }
  return before.filter((policy) => !going.has(keyOf(policy)));
};

/** The policies in force after `apply`: those of the same names are replaced, the others added. */
export const applyPolicies = async (
  document: SourceDocument,
  { apply: written }: Pick<WrittenStep, 'apply'>,
  before: readonly ReadPolicy[],
  files: StepFiles,
  problems: Problem[],
): Promise<Read> => {
  if (!written) return { policies: before, notes: [] };
  const patterns = written.map((pattern, at) => ({ pattern, path: ['apply', at] }));
  const isSound = problems.length;
  const { policies: applied, notes } = await readFiles(document, patterns, files, problems);
  const inForce = new Map(before.map((policy) => [keyOf(policy), policy]));
  const changes = applied.filter((policy) => !isSame(inForce.get(keyOf(policy)), policy));
  if (problems.length === isSound && changes.length === 0)
    problems.push(document.problemAt(['apply'], NOTHING_NEW, OUTSIDE_HINT));
  for (const policy of changes) inForce.set(keyOf(policy), policy);
  return { policies: [...inForce.values()], notes };
};

const isSame = (one: ReadPolicy | undefined, other: ReadPolicy): boolean =>
  one !== undefined && isDeepStrictEqual(one.manifest.spec, other.manifest.spec);

const NOTHING_NEW = 'this changes nothing: all these policies are in force before this step';
const OUTSIDE_HINT =
  'Keep the policies of a step outside policies/, where everything is in force from the start, or say in `policies` what that is.';
