import { basename, dirname } from 'node:path';
import { createNearest, nearest, quoted } from '../text.ts';
import type { SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import { expandExpectation } from './expectation.ts';
import { filesFrom, type ManifestFile, readGiven } from './from.ts';
import { loadPolicies } from './policies.ts';
import { createPolicySet } from './policy-set.ts';
import { type Problem, shownPath } from './problem.ts';
import type { Policy, Scenario, Topology } from './scenario.ts';
import { scenarioSchema, type WrittenScenario } from './schema.ts';
import { fitsLimits, fitsMatrix } from './size.ts';
import type { Repository } from './source.ts';
import { validate } from './validate.ts';
import { wholeOf } from './whole.ts';
import { addServices } from './workloads/index.ts';

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

/** Checks each part whose own form is sound, so that all problems of the file are reported at once. */
export const loadScenario = async (
  { path, document, repository, manifests = [], namespace = defaultNamespace }: ScenarioSource,
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
        mayBeMissing: from !== undefined,
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
