import { basename, dirname } from 'node:path';
import { createNearest, nearest, quoted } from '../text.ts';
import type { SourceDocument } from './document.ts';
import { expandExpectation } from './expectation.ts';
import { filesFrom, type ManifestFile } from './from.ts';
import { joinTopology } from './join-topology.ts';
import { loadPolicies } from './policies.ts';
import { createPolicySet } from './policy-set.ts';
import { type Problem, shownPath } from './problem.ts';
import { readGiven } from './read-given.ts';
import type { Policy, Scenario, Step, Topology } from './scenario.ts';
import { scenarioSchema, type WrittenScenario } from './schema.ts';
import { fitsLimits, fitsMatrix } from './size.ts';
import type { Allowance, Repository } from './source.ts';
import { validate } from './validate.ts';

/** Where kubectl puts objects that name no namespace. */
const defaultNamespace = 'default';

/** Kubernetes always has a namespace `default`, so one that only a policy lands in need not be written down. */
const withDefault = (topology: Topology, policies: readonly Policy[]): Topology =>
  topology.namespaces.some(({ name }) => name === defaultNamespace) ||
  !policies.some(({ namespace }) => namespace === defaultNamespace)
    ? topology
    : { ...topology, namespaces: [...topology.namespaces, { name: defaultNamespace, labels: {}, pods: [] }] };

/** What a scenario is loaded from. */
export interface ScenarioSource {
  readonly path: string;
  readonly document: SourceDocument;
  readonly repository: Repository;
  /** Manifests that no `from` names. */
  readonly manifests?: readonly ManifestFile[];
  /** The namespace of objects that name none. */
  readonly namespace?: string | undefined;
}

/** null if the matrix is too large; a command that holds no matrix does without the expectation. */
const expectationOf = (
  document: SourceDocument,
  { expect }: WrittenScenario,
  topology: Topology,
  size: Allowance['size'],
  problems: Problem[],
): Pick<Step, 'expected' | 'form'> | null => {
  if (fitsMatrix(document, topology, size === 'matrix' ? problems : []))
    return expandExpectation(document, expect, topology, problems);
  return size === 'matrix' ? null : { expected: null, form: null };
};

/** `web` for web.scenario.yaml; otherwise the name of the file's folder. */
const nameOf = (path: string): string => /^(.+)\.scenario\.ya?ml$/.exec(basename(path))?.[1] ?? basename(dirname(path));

/** `policyNamespace` is one of the scenario's namespaces. */
const requireNamespace = (
  document: SourceDocument,
  name: string,
  namespaces: readonly string[],
  problems: Problem[],
): void => {
  if ([defaultNamespace, ...namespaces].includes(name)) return;
  const message = `the scenario has no namespace ${quoted(name)}${nearest('namespace', name, namespaces)}`;
  problems.push(document.problemAt(['policyNamespace'], message));
};

/** Checks each part whose own form is sound, so that all problems of the file are reported at once. */
export const loadScenario = async (
  { path, document, repository, manifests = [], namespace = defaultNamespace }: ScenarioSource,
  problems: Problem[],
): Promise<Scenario | null> => {
  const sound = validate(document, scenarioSchema, problems);
  if (!sound()) return null;
  const written = document.value as WrittenScenario;
  const { from } = written;
  const { size } = repository.allowance;
  const isComplete = written.namespaces !== undefined || from !== undefined;
  if (!isComplete) problems.push(document.problemAt([], 'missing key "namespaces"'));
  const fits = fitsLimits(document, sound, problems, size);
  const fallback = (sound('policyNamespace') && written.policyNamespace) || namespace;
  const policySet = createPolicySet(problems);
  const files =
    from !== undefined && fits && sound('from')
      ? await filesFrom(document, path, from, repository, problems)
      : manifests;
  const given = await readGiven(files, fallback, repository.allowance, policySet, problems);
  const isReady = fits && isComplete;
  const { topology, notes } = isReady
    ? joinTopology(document, given, sound, problems, size)
    : { topology: null, notes: given.notes };
  const namespaces = topology?.namespaces.map(({ name }) => name) ?? null;
  if (namespaces && written.policyNamespace === fallback) requireNamespace(document, fallback, namespaces, problems);
  if (fits && sound('policies'))
    await loadPolicies(
      {
        scenario: document,
        scenarioPath: path,
        patterns: written.policies,
        mayBeMissing: from !== undefined,
        known: new Set(files.map((file) => file.path)),
        repository,
        places: { namespaces, fallback, nearest: createNearest() },
      },
      policySet,
      problems,
    );
  const policies = policySet.all();
  if (!topology || !sound('expect')) return null;
  const expectation = expectationOf(document, written, topology, size, problems);
  if (!expectation) return null;
  const name = written.name ?? nameOf(path);
  const allNotes = [...policySet.notes, ...notes];
  return {
    name,
    ...(written.intent === undefined ? {} : { intent: written.intent }),
    file: shownPath(path),
    steps: [{ name, topology: withDefault(topology, policies), policies, ...expectation, path: [] }],
    ...(allNotes.length > 0 && { notes: allNotes }),
  };
};
