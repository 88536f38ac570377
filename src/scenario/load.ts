import { basename, dirname } from 'node:path';
import { createNearest, nearest, quoted } from '../text.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import { expandExpectation } from './expectation.ts';
import { findScenarios } from './find.ts';
import { loadPolicies } from './policies.ts';
import { fileProblem, type Problem, shownPath, throwProblems } from './problem.ts';
import type { Policy, Scenario, Topology } from './scenario.ts';
import { scenarioSchema, type WrittenScenario } from './schema.ts';
import { fitsLimits, fitsMatrix } from './size.ts';
import { fullAllowance, type Repository, readText, repositoryOf } from './source.ts';
import { validate } from './validate.ts';

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
  if (extra) problems.push(extra.problemAt([], 'a second document: a scenario has only one'));
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

/** Checks each part whose own form is sound, so that all problems of the file are reported at once. */
const loadScenario = async (
  path: string,
  document: SourceDocument,
  repository: Repository,
  problems: Problem[],
): Promise<Scenario | null> => {
  const sound = validate(document, scenarioSchema, problems);
  if (!sound()) return null;
  const written = document.value as WrittenScenario;
  const fits = fitsLimits(document, sound, problems);
  const topology =
    fits && sound('namespaces') && sound('hosts') && sound('nodes') && sound('services')
      ? expandTopology(document, written, problems)
      : null;
  const namespaces = topology?.namespaces.map(({ name }) => name) ?? null;
  const fallback = (sound('policyNamespace') && written.policyNamespace) || defaultNamespace;
  if (namespaces && fallback !== defaultNamespace && !namespaces.includes(fallback))
    problems.push(
      document.problemAt(
        ['policyNamespace'],
        `the scenario has no namespace ${quoted(fallback)}${nearest('namespace', fallback, namespaces)}`,
      ),
    );
  const { policies, notes } =
    fits && sound('policies')
      ? await loadPolicies(
          document,
          path,
          written.policies,
          repository,
          { namespaces, fallback, nearest: createNearest() },
          problems,
        )
      : { policies: [], notes: [] };
  if (!topology || !fitsMatrix(document, topology, problems) || !sound('expect')) return null;
  const expectation = expandExpectation(document, written.expect, topology, problems);
  const name = written.name ?? basename(dirname(path));
  return {
    name,
    ...(written.intent === undefined ? {} : { intent: written.intent }),
    file: shownPath(path),
    steps: [{ name, topology: withDefault(topology, policies), policies, ...expectation, path: [] }],
    ...(notes.length > 0 && { notes }),
  };
};

/**
 * Loads scenarios, sorted by path. Each path is a scenario.yaml, a scenario's folder or a folder of those; a scenario
 * that several paths lead to is loaded once. Reports all problems in all files in one PodreachError, each as a line
 * `file:line:column: message`, sorted.
 */
export const loadScenarios = async (paths: readonly string[]): Promise<Scenario[]> => {
  const problems: Problem[] = [];
  const scenarios = new Map<string, Scenario>();
  const allowance = fullAllowance();
  for (const path of await findScenarios(paths, allowance, problems)) {
    const repository = await repositoryOf(path, allowance);
    const document = await readScenario(path, repository, problems);
    const scenario = document && (await loadScenario(path, document, repository, problems));
    if (!scenario) continue;
    const first = scenarios.get(scenario.name);
    if (first)
      problems.push(document.problemAt(['name'], `duplicate scenario ${quoted(scenario.name)}: also ${first.file}`));
    else scenarios.set(scenario.name, scenario);
  }
  throwProblems(problems);
  return [...scenarios.values()];
};
