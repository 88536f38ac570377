import { basename, dirname } from 'node:path';
import { createNearest, nearest, quoted } from '../text.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import { expandExpectation } from './expectation.ts';
import { findScenarios } from './find.ts';
import { filesFrom, type ManifestFile, readGiven } from './from.ts';
import { type PartedPaths, partPaths } from './manifest-paths.ts';
import { manifestScenario } from './manifest-scenario.ts';
import { loadPolicies } from './policies.ts';
import { createPolicySet } from './policy-set.ts';
import { fileProblem, type Problem, shownPath, throwProblems } from './problem.ts';
import type { Policy, Scenario, Topology } from './scenario.ts';
import { scenarioSchema, type WrittenScenario } from './schema.ts';
import { fitsLimits, fitsMatrix } from './size.ts';
import { type Allowance, fullAllowance, type Repository, readText, repositoryOf } from './source.ts';
import type { OpenStdin } from './stdin.ts';
import { podsOf } from './topology.ts';
import { validate } from './validate.ts';
import { wholeOf } from './whole.ts';
import { addServices } from './workloads/index.ts';

/** Where kubectl puts objects that name no namespace. */
const defaultNamespace = 'default';

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
  if (extra) problems.push(extra.problemAt([], 'a second document: a scenario is one'));
  if (document?.value !== undefined) return document;
  if (problems.length === before) problems.push(fileProblem(path, 'empty: a scenario begins with its namespaces'));
  return null;
};

/** Kubernetes always has a namespace `default`, so one that only a policy lands in need not be written down. */
const withDefault = (topology: Topology, policies: readonly Policy[]): Topology =>
  topology.namespaces.some(({ name }) => name === defaultNamespace) ||
  !policies.some(({ namespace }) => namespace === defaultNamespace)
    ? topology
    : { ...topology, namespaces: [...topology.namespaces, { name: defaultNamespace, labels: {}, pods: [] }] };

/** What a scenario is loaded from. */
interface Source {
  readonly path: string;
  readonly document: SourceDocument;
  readonly repository: Repository;
  /** Manifests that no `from` names. */
  readonly manifests?: readonly ManifestFile[];
  /** The namespace of objects that name none. */
  readonly namespace?: string | undefined;
}

/** Checks each part whose own form is sound, so that all problems of the file are reported at once. */
const loadScenario = async (
  { path, document, repository, manifests = [], namespace = defaultNamespace }: Source,
  problems: Problem[],
): Promise<Scenario | null> => {
  const sound = validate(document, scenarioSchema, problems);
  if (!sound()) return null;
  const written = document.value as WrittenScenario;
  const { from } = written;
  const isComplete = written.namespaces !== undefined || from !== undefined;
  if (!isComplete) problems.push(document.problemAt([], 'missing key "namespaces"'));
  const fits = fitsLimits(document, sound, problems);
  const fallback = (sound('policyNamespace') && written.policyNamespace) || namespace;
  const policySet = createPolicySet(problems);
  const files =
    from !== undefined && fits && sound('from')
      ? await filesFrom(document, path, from, repository, problems)
      : manifests;
  const given = await readGiven(files, fallback, repository.allowance, policySet, problems);
  const whole = fits && sound('namespaces') ? wholeOf(document, given, problems) : null;
  const expanded =
    whole &&
    isComplete &&
    fitsLimits(whole.document, sound, problems) &&
    sound('hosts') &&
    sound('nodes') &&
    sound('services')
      ? expandTopology(whole.document, whole.document.value as WrittenScenario, problems)
      : null;
  const { topology, notes } = expanded
    ? addServices(expanded, given.services, problems)
    : { topology: null, notes: [] };
  const namespaces = topology?.namespaces.map(({ name }) => name) ?? null;
  if (namespaces && written.policyNamespace === fallback && ![defaultNamespace, ...namespaces].includes(fallback))
    problems.push(
      document.problemAt(
        ['policyNamespace'],
        `the scenario has no namespace ${quoted(fallback)}${nearest('namespace', fallback, namespaces)}`,
      ),
    );
  if (fits && sound('policies'))
    await loadPolicies(
      {
        scenario: document,
        scenarioPath: path,
        patterns: written.policies,
        known: new Set(files.map((file) => file.path)),
        repository,
        places: { namespaces, fallback, nearest: createNearest() },
      },
      policySet,
      problems,
    );
  const policies = policySet.all();
  if (!topology || !fitsMatrix(document, topology, problems) || !sound('expect')) return null;
  const expectation = expandExpectation(document, written.expect, topology, problems);
  const name = written.name ?? basename(dirname(path));
  const allNotes = [...policySet.notes, ...given.notes, ...(whole?.notes ?? []), ...notes];
  return {
    name,
    ...(written.intent === undefined ? {} : { intent: written.intent }),
    file: shownPath(path),
    steps: [{ name, topology: withDefault(topology, policies), policies, ...expectation, path: [] }],
    ...(allNotes.length > 0 && { notes: allNotes }),
  };
};

export interface LoadOptions {
  /** Opens standard input, which the path `-` stands for. */
  readonly openStdin?: OpenStdin | undefined;
  /** For manifests on the command line: the namespace of objects that name none, instead of `default`. */
  readonly namespace?: string | undefined;
}

/** What manifests without a scenario describe; without a pod there is nothing to ask about. */
const loadManifests = async (
  { manifests, files }: PartedPaths,
  allowance: Allowance,
  namespace: string | undefined,
  problems: Problem[],
): Promise<Scenario | null> => {
  const { path, document } = manifestScenario(manifests);
  const repository = await repositoryOf(path, allowance);
  const before = problems.length;
  const scenario = await loadScenario({ path, document, repository, manifests: files, namespace }, problems);
  if (scenario && problems.length === before && podsOf(scenario.steps[0].topology).length === 0)
    problems.push(fileProblem(path, `no pods: podreach finds no Pod, Deployment or other workload in these manifests`));
  return scenario;
};

/**
 * Loads scenarios, sorted by path. Each path is a scenario.yaml, a scenario's folder or a folder of those; a scenario
 * that several paths lead to is loaded once. All paths to manifests together (files, folders, `-`) are one scenario
 * more, which expects what the model predicts. Reports all problems in all files in one PodreachError, each as a line
 * `file:line:column: message`, sorted.
 */
export const loadScenarios = async (
  paths: readonly string[],
  { openStdin, namespace }: LoadOptions = {},
): Promise<Scenario[]> => {
  const problems: Problem[] = [];
  const scenarios = new Map<string, Scenario>();
  const allowance = fullAllowance();
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
  for (const path of await findScenarios(parted.others, allowance, problems)) {
    const repository = await repositoryOf(path, allowance);
    const document = await readScenario(path, repository, problems);
    add(document && (await loadScenario({ path, document, repository }, problems)), document);
  }
  if (parted.files.length > 0) add(await loadManifests(parted, allowance, namespace, problems), null);
  throwProblems(problems);
  return [...scenarios.values()];
};
