import { createNearest } from '../text.ts';
import type { ManifestFile } from './from.ts';
import { LIMITS } from './limits.ts';
import { namespaceName } from './pods-schema.ts';
import type { PolicySet } from './policy-set.ts';
import { fileProblem, type Problem, shownPath } from './problem.ts';
import { type Manifests, type PlacedPolicy, readManifests } from './read-manifests.ts';
import { mostPodsFor } from './size.ts';
import type { Allowance } from './source.ts';
import { type Given, type GivenObject, givenBy, isTopologyKind, NOTHING_GIVEN, readObject } from './workloads/index.ts';

/** What podreach reads of a file. */
interface FileContent {
  readonly manifests: Manifests;
  readonly objects: readonly GivenObject[];
}

const known = new WeakMap<Allowance, Map<string, Promise<FileContent | null>>>();

/** Read once, however many scenarios name the file; so problems are told once, too. */
const contentOf = (
  file: ManifestFile,
  fallback: string,
  allowance: Allowance,
  problems: Problem[],
): Promise<FileContent | null> => {
  const files = known.get(allowance) ?? new Map<string, Promise<FileContent | null>>();
  known.set(allowance, files);
  const key = `${fallback} ${file.path}`;
  const content = files.get(key) ?? readFile(file, fallback, allowance, problems);
  files.set(key, content);
  return content;
};

const readFile = async (
  { path, read }: ManifestFile,
  fallback: string,
  allowance: Allowance,
  problems: Problem[],
): Promise<FileContent | null> => {
  const text = await read(problems);
  if (text === null) return null;
  const texts = knownTexts.get(allowance) ?? new Map<string, Sound>();
  knownTexts.set(allowance, texts);
  const same = texts.get(text);
  if (same?.fallback === fallback) return inFile(same.content, shownPath(path));
  const before = problems.length;
  const content = contentIn({ path, text }, fallback, allowance, problems);
  // What is said about a file is said about each.
  const { policies, notes } = content.manifests;
  if (problems.length === before && policies.length + notes.length === 0) texts.set(text, { fallback, content });
  return content;
};

/** Files of objects with which nothing is wrong, by their text: two sides of a comparison have most of them in common. */
const knownTexts = new WeakMap<Allowance, Map<string, Sound>>();

interface Sound {
  readonly fallback: string;
  readonly content: FileContent;
}

const inFile = ({ manifests, objects }: FileContent, file: string): FileContent => ({
  manifests,
  objects: objects.map((object) => ({ ...object, document: object.document.inFile(file) })),
});

const contentIn = (
  { path, text }: { readonly path: string; readonly text: string },
  fallback: string,
  allowance: Allowance,
  problems: Problem[],
): FileContent => {
  const places = { namespaces: null, fallback, nearest: createNearest(), isWanted: isTopologyKind };
  const manifests = readManifests({ path, text }, places, allowance, problems);
  for (const placed of manifests.policies) checkNamespace(placed, problems);
  const objects = manifests.wanted.flatMap((document) => readObject(document, fallback, problems) ?? []);
  return { manifests, objects };
};

/** Adds the policies in manifests to a set, and returns the topology that the manifests describe. */
export const readGiven = async (
  files: readonly ManifestFile[],
  fallback: string,
  allowance: Allowance,
  policies: PolicySet,
  problems: Problem[],
): Promise<Given> => {
  const objects: GivenObject[] = [];
  for (const file of files) {
    const content = await contentOf(file, fallback, allowance, problems);
    if (!content) continue;
    policies.add(content.manifests);
    allowance.objects -= content.manifests.wanted.length;
    if (allowance.objects < 0) {
      const message = `more than ${LIMITS.objects} objects that scenarios take from manifests`;
      problems.push(fileProblem(file.path, message));
      return NOTHING_GIVEN;
    }
    for (const object of content.objects) objects.push(object);
  }
  return givenBy(objects, policies.namespaces(), problems, mostPodsFor(allowance.size));
};

/** A policy's namespace becomes one of the topology, whose names are shorter than Kubernetes allows. */
const checkNamespace = ({ policy, document }: PlacedPolicy, problems: Problem[]): void => {
  const [issue] = namespaceName.safeParse(policy.namespace).error?.issues ?? [];
  if (issue) problems.push(document.problemAt(['metadata', 'namespace'], issue.message));
};
