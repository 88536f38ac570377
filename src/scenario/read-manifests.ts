import { basename } from 'node:path';
import { type Path, type Place, type PolicyProblem, readPolicy } from '../model/index.ts';
import { type nearest, quoted } from '../text.ts';
import { misreadLines, misreadScalars } from './as-kubectl.ts';
import type { Fault, SourceDocument } from './document.ts';
import { treatmentOf, vendorOf } from './kinds.ts';
import { whyNoManifest } from './manifest.ts';
import { kindIn, type ObjectKind, objectsIn } from './objects.ts';
import { parseManifests } from './parse-manifests.ts';
import { type Problem, shownPath } from './problem.ts';
import type { Note, ReadPolicy } from './scenario.ts';
import { withoutServerOwned } from './server-owned.ts';
import type { Allowance } from './source.ts';

export interface PolicyPlaces {
  /** The namespaces of the topology; null if not known, so that namespaces are not checked. */
  readonly namespaces: readonly string[] | null;
  /** The namespace for a policy that names none. */
  readonly fallback: string;
  /** From `createNearest`: thousands of policies may be in the wrong place. */
  readonly nearest: typeof nearest;
  /** The objects of other kinds that the caller reads. */
  readonly isWanted?: (object: ObjectKind) => boolean;
}

export interface PlacedPolicy {
  readonly policy: ReadPolicy;
  readonly document: SourceDocument;
  /** The paths of the parts that were left out of it. */
  readonly left: readonly Path[];
}

/** The content of a manifest file. */
export interface Manifests {
  readonly policies: readonly PlacedPolicy[];
  /** The objects that the caller wanted, as they stand there. */
  readonly wanted: readonly SourceDocument[];
  readonly notes: readonly Note[];
}

const placeIn = (document: SourceDocument, path: Path = [], onKey = false): Place => {
  const { file, line, column } = onKey ? document.problemAtKey(path, '') : document.problemAt(path, '');
  return { file, line, column };
};

const readOne = (document: SourceDocument, places: PolicyPlaces, problems: Problem[]): PlacedPolicy | null => {
  const namespacePath = ['metadata', 'namespace'];
  const before = problems.length;
  let soundNamespace = true;
  const tell = ({ path, onKey, message }: PolicyProblem): void => {
    problems.push(onKey ? document.problemAtKey(path, message) : document.problemAt(path, message));
    soundNamespace &&= path.join('.') !== namespacePath.join('.');
  };
  const spec = readPolicy(document.value, tell, {
    namespace: places.fallback,
    placeOf: (path) => placeIn(document, path),
  });
  const namespace: unknown = Object(Object(document.value).metadata).namespace;
  if (
    soundNamespace &&
    typeof namespace === 'string' &&
    namespace &&
    places.namespaces?.includes(namespace) === false
  ) {
    const near = places.nearest('namespace', namespace, places.namespaces);
    problems.push(document.problemAt(namespacePath, `the scenario has no namespace ${quoted(namespace)}${near}`));
  }
  const told = new Set(problems.slice(before).map(({ line, column }) => `${line}:${column}`));
  for (const problem of misreadScalars(document))
    if (!told.has(`${problem.line}:${problem.column}`)) problems.push(problem);
  if (!spec) return null;
  const { manifest, left } = withoutServerOwned(Object(document.value));
  const { file, line } = placeIn(document);
  const findText = () => writtenText(document);
  return {
    policy: { name: spec.name, namespace: spec.namespace, manifest, file, line, spec, findText },
    document,
    left,
  };
};

/** The same policy, written in another file with the same text. */
export const policyInFile = ({ policy, document: first, left }: PlacedPolicy, file: string): PlacedPolicy => {
  const document = first.inFile(file);
  const spec = { ...policy.spec, placeOf: (path: Path) => placeIn(document, path) };
  return { policy: { ...policy, file, spec }, document, left };
};

/** Of the object alone, because a file may hold others, such as a Secret; indented as it is there. */
const writtenText = (document: SourceDocument): string => {
  const [first = 0, end = 0] = document.nodeAt([])?.range ?? [];
  return ' '.repeat(placeIn(document).column - 1) + document.text.slice(first, end).trimEnd();
};

/** A file that kustomize finds by its name needs neither a kind nor a version. */
const isKustomization = ({ value }: SourceDocument, path: string): boolean =>
  kindIn(value).kind === '' && /^kustomization\.ya?ml$/.test(basename(path));

const kindOfDocument = (document: SourceDocument, path: string): ObjectKind =>
  isKustomization(document, path)
    ? { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' }
    : kindIn(document.value);

interface Treated {
  readonly document: SourceDocument;
  readonly object: ObjectKind;
}

const foreignNote = ({ document, object: { apiVersion, kind } }: Treated): Note => {
  const { name, namespace } = Object(Object(document.value).metadata);
  const parts = [namespace, name].filter((part): part is string => typeof part === 'string' && part !== '');
  const vendor = vendorOf(apiVersion);
  return { ...placeIn(document), kind: 'not-judged', apiVersion, objectKind: kind, name: parts.join('/'), vendor };
};

/** kubectl drops all of them but the last without a word, and with them perhaps a peer or a block of addresses. */
const repeatedNote = ({ file, line, column, repeatedKey: key }: Fault): readonly Note[] =>
  key === undefined ? [] : [{ kind: 'repeated-key', file, line, column, key }];

/** Counts objects of other kinds, in a note at the first of them. */
const otherNote = (others: readonly Treated[]): readonly Note[] => {
  const [first] = others;
  if (!first) return [];
  const byKind = Map.groupBy(others, ({ object }) => object.kind);
  const objects = [...byKind].map(([kind, { length }]) => ({ kind, count: length }));
  return [{ ...placeIn(first.document), kind: 'not-read', objects }];
};

/** The parts left out of the policies, each once, in a note at the first of them. */
const leftNote = (policies: readonly PlacedPolicy[]): readonly Note[] => {
  const places = policies.flatMap(({ document, left }) => left.map((path) => ({ document, path })));
  const [first] = places;
  if (!first) return [];
  const fields = [...new Set(places.map(({ path }) => path.join('.')))];
  return [{ ...placeIn(first.document, first.path, true), kind: 'left-out', fields }];
};

/**
 * Reads the policies in a manifest file as `kubectl apply` would, from documents and lists of any kind. Everything
 * except Kubernetes' NetworkPolicies, and what the caller wants, goes to the notes. What kubectl or the API server would
 * refuse, or read differently from YAML 1.2, goes to `problems`.
 */
export const readManifests = (
  { path, text }: { readonly path: string; readonly text: string },
  places: PolicyPlaces,
  allowance: Allowance,
  problems: Problem[],
): Manifests => {
  const before = problems.length;
  for (const problem of misreadLines(path, text)) problems.push(problem);
  const documents = parseManifests(path, text, problems, allowance);
  // kubectl ignores empty documents too, such as a leading `---` creates.
  const filled = documents.filter(({ value }) => value !== undefined);
  const manifests = filled.filter((document) => {
    const problem = isKustomization(document, path) ? null : whyNoManifest(document.value);
    if (problem !== null) problems.push(document.problemAt([], problem));
    return problem === null;
  });
  const objects = manifests.flatMap((document) => objectsIn(document, problems));
  const treated = objects.map((document) => {
    const object = kindOfDocument(document, path);
    return { document, object, treatment: places.isWanted?.(object) ? 'wanted' : treatmentOf(object) };
  });
  const documentsOf = (which: string): readonly SourceDocument[] =>
    treated.flatMap(({ document, treatment }) => (treatment === which ? [document] : []));
  const ours = documentsOf('policy');
  // The objects of a list share the faults of their document.
  const faults = [...new Set(ours.flatMap((document) => document.faults))];
  for (const fault of faults) if (fault.repeatedKey === undefined) problems.push(fault);
  const policies = ours.flatMap((document) => readOne(document, places, problems) ?? []);
  const foreign = treated.filter(({ treatment }) => treatment === 'foreign-policy');
  const others = treated.filter(({ treatment }) => treatment === 'other');
  const isEmpty = objects.length === 0 && problems.length === before;
  const empty: readonly Note[] = isEmpty
    ? [{ file: shownPath(path), line: 1, column: 1, kind: 'not-read', objects: [] }]
    : [];
  const repeated = faults.flatMap(repeatedNote);
  const notes = [...foreign.map(foreignNote), ...repeated, ...otherNote(others), ...leftNote(policies), ...empty];
  return { policies, wanted: documentsOf('wanted'), notes };
};
