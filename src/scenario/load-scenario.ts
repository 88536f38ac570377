import { basename, dirname } from 'node:path';
import { createNearest, nearest, quoted } from '../text.ts';
import { DEFAULT_NAMESPACE, withDefault } from './default-namespace.ts';
import type { SourceDocument } from './document.ts';
import { filesFrom, type ManifestFile } from './from.ts';
import { joinTopology } from './join-topology.ts';
import { loadPolicies } from './policies.ts';
import { createPolicySet } from './policy-set.ts';
import { type Problem, shownPath } from './problem.ts';
import { readGiven } from './read-given.ts';
import type { Scenario, Topology } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { fitsLimits, fitsMatrix } from './size.ts';
import type { Allowance, Repository } from './source.ts';
import { type Standing, standingAt } from './step-expectation.ts';
import { expandSteps } from './steps.ts';
import { validate } from './validate.ts';

/** What a scenario is loaded from. */
export interface ScenarioSource {
  readonly path: string;
  readonly document: SourceDocument;
  /** Nobody wrote the document, so that there is nothing to check. */
  readonly isSound?: true;
  readonly repository: Repository;
  /** Manifests that no `from` names. */
  readonly manifests?: readonly ManifestFile[];
  /** The namespace of objects that name none. */
  readonly namespace?: string | undefined;
}

const DEFAULT_PATTERNS = ['policies/**'];
const NONE_HINT = 'A scenario without policies says so with `policies: []`.';

/** `web` for web.scenario.yaml; otherwise the name of the file's folder. */
const nameOf = (path: string): string => /^(.+)\.scenario\.ya?ml$/.exec(basename(path))?.[1] ?? basename(dirname(path));

/** `policyNamespace` is one of the scenario's namespaces. */
const requireNamespace = (
  document: SourceDocument,
  name: string,
  namespaces: readonly string[],
  problems: Problem[],
): void => {
  if ([DEFAULT_NAMESPACE, ...namespaces].includes(name)) return;
  const message = `the scenario has no namespace ${quoted(name)}${nearest('namespace', name, namespaces)}`;
  problems.push(document.problemAt(['policyNamespace'], message));
};

const patternsOf = ({ policies, from }: WrittenScenario) => ({
  patterns: (policies ?? DEFAULT_PATTERNS).map((pattern, at) => ({ pattern, path: ['policies', at] })),
  mayBeMissing: from !== undefined && policies === undefined,
  hint: NONE_HINT,
});

interface Expectable extends Pick<Allowance, 'size'> {
  readonly topology: Topology;
  readonly sound: (key: string) => boolean;
}

/** null if the matrix is too large; a command that holds no matrix does without the expectation. */
const standingFor = (
  document: SourceDocument,
  { topology, sound, size }: Expectable,
  problems: Problem[],
): Standing | null => {
  if (!sound('expect')) return null;
  const { expect } = document.value as WrittenScenario;
  const fits = fitsMatrix(document, topology, size === 'matrix' ? problems : []);
  return fits || size !== 'matrix' ? standingAt(document, fits ? expect : undefined, topology, problems) : null;
};

const stepsOf = ({ steps = [] }: WrittenScenario, sound: (key: string) => boolean) => (sound('steps') ? steps : []);

/** What is passed on as it is written. */
const saidOf = ({ intent, tags, only }: WrittenScenario): Pick<Scenario, 'intent' | 'tags' | 'only'> => ({
  ...(intent !== undefined && { intent }),
  ...(tags && { tags }),
  ...(only && { only }),
});

/** Loads the schema, which manifests by themselves do without. */
const validated = async (document: SourceDocument, problems: Problem[]): Promise<ReturnType<typeof validate>> => {
  const { scenarioSchema } = await import('./schema.ts');
  return validate(document, scenarioSchema, problems);
};

/** Checks each part whose own form is sound, so that all problems of the file are reported at once. */
export const loadScenario = async (
  { path, document, isSound, repository, manifests = [], namespace = DEFAULT_NAMESPACE }: ScenarioSource,
  problems: Problem[],
): Promise<Scenario | null> => {
  const sound = isSound ? () => true : await validated(document, problems);
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
    : { topology: null, notes: given.read().notes };
  const namespaces = topology?.namespaces.map(({ name }) => name) ?? null;
  if (namespaces && written.policyNamespace === fallback) requireNamespace(document, fallback, namespaces, problems);
  if (fits && sound('policies'))
    await loadPolicies(
      {
        scenario: document,
        scenarioPath: path,
        ...patternsOf(written),
        known: new Set(files.map((file) => file.path)),
        repository,
        places: { namespaces, fallback, nearest: createNearest() },
      },
      policySet,
      problems,
    );
  const policies = policySet.all();
  const standing = topology && standingFor(document, { topology, sound, size }, problems);
  if (!topology || !standing) return null;
  const start = { topology: withDefault(topology, policies), policies, standing };
  const name = written.name ?? nameOf(path);
  const named = { scenario: name, written: stepsOf(written, sound) };
  const { steps, notes: later } = await expandSteps(document, named, start, { path, repository, fallback }, problems);
  const allNotes = [...policySet.notes, ...notes, ...later];
  return {
    name,
    ...saidOf(written),
    file: shownPath(path),
    steps,
    ...(allNotes.length > 0 && { notes: allNotes }),
  };
};
