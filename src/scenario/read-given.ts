import { createNearest } from '../text.ts';
import type { ManifestFile } from './from.ts';
import { LIMITS } from './limits.ts';
import type { PolicySet } from './policy-set.ts';
import { fileProblem, type Problem, shownPath } from './problem.ts';
import { type Manifests, type PlacedPolicy, policyInFile, readManifests } from './read-manifests.ts';
import { mostPodsFor } from './size.ts';
import type { Allowance } from './source.ts';
import { namespaceNameProblem } from './syntax.ts';
import {
  checkOf,
  createReadObject,
  type Given,
  type GivenObject,
  givenBy,
  isTopologyKind,
  NOTHING_GIVEN,
} from './workloads/index.ts';

/** What podreach reads of a file. */
interface FileContent {
  /** As they stand in this file. */
  readonly manifests: Manifests;
  /** As they stand in the first file with the same text. */
  readonly objects: readonly GivenObject[];
  /** Another file with the same text. */
  readonly file?: string;
}

/** What one command has read. */
interface Reading {
  /** By path, so that problems are told once, too. */
  readonly files: Map<string, Promise<FileContent | null>>;
  /** Files of objects with which nothing is wrong, by their text: two sides of a comparison have most of them in common. */
  readonly texts: Map<string, { readonly fallback: string; readonly content: FileContent }>;
  readonly readObject: ReturnType<typeof createReadObject>;
  /** What was given last. */
  last?: { readonly objects: readonly unknown[]; readonly others: readonly string[]; readonly key: object };
}

const readings = new WeakMap<Allowance, Reading>();

const readingOf = (allowance: Allowance): Reading => {
  const reading = readings.get(allowance) ?? { files: new Map(), texts: new Map(), readObject: createReadObject() };
  readings.set(allowance, reading);
  return reading;
};

/** Read once, however many scenarios name the file. */
const contentOf = (
  file: ManifestFile,
  fallback: string,
  allowance: Allowance,
  problems: Problem[],
): Promise<FileContent | null> => {
  const { files } = readingOf(allowance);
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
  const { texts } = readingOf(allowance);
  const same = texts.get(text);
  if (same?.fallback === fallback) return contentInFile(same.content, shownPath(path));
  const before = problems.length;
  const content = await contentIn({ path, text }, fallback, allowance, problems);
  // What is said about a file is said about each.
  const isSilent = problems.length === before && content.manifests.notes.length === 0;
  if (isSilent) texts.set(text, { fallback, content });
  return content;
};

const contentInFile = ({ manifests, objects }: FileContent, file: string): FileContent => ({
  manifests: { ...manifests, policies: manifests.policies.map((placed) => policyInFile(placed, file)) },
  objects,
  file,
});

const objectsIn = ({ objects, file }: FileContent): readonly GivenObject[] =>
  file === undefined ? objects : objects.map((object) => ({ ...object, document: object.document.inFile(file) }));

const contentIn = async (
  { path, text }: { readonly path: string; readonly text: string },
  fallback: string,
  allowance: Allowance,
  problems: Problem[],
): Promise<FileContent> => {
  const { readObject } = readingOf(allowance);
  const places = { namespaces: null, fallback, nearest: createNearest(), isWanted: isTopologyKind };
  const manifests = readManifests({ path, text }, places, allowance, problems);
  for (const placed of manifests.policies) checkNamespace(placed, problems);
  const isSound = await checkOf(manifests.wanted);
  const sound = manifests.wanted.filter((document) => isSound(document, problems));
  const objects = sound.map((document) => readObject(document, fallback));
  return { manifests, objects };
};

/** What manifests give, read when it is asked for. */
export interface GivenOnce {
  /** The same object if the same objects were given before, apart from the files that they stand in. */
  readonly key: object;
  readonly read: () => Given;
}

/** Adds the policies in manifests to a set, and returns the topology that the manifests describe. */
export const readGiven = async (
  files: readonly ManifestFile[],
  fallback: string,
  allowance: Allowance,
  policies: PolicySet,
  problems: Problem[],
): Promise<GivenOnce> => {
  const contents: FileContent[] = [];
  for (const file of files) {
    const content = await contentOf(file, fallback, allowance, problems);
    if (!content) continue;
    policies.add(content.manifests);
    allowance.objects -= content.manifests.wanted.length;
    if (allowance.objects < 0) {
      const message = `more than ${LIMITS.objects} objects that scenarios take from manifests`;
      problems.push(fileProblem(file.path, message));
      return { key: {}, read: () => NOTHING_GIVEN };
    }
    if (content.objects.length > 0) contents.push(content);
  }
  return givenIn(contents, policies.namespaces(), allowance, problems);
};

const givenIn = (
  contents: readonly FileContent[],
  named: readonly string[],
  allowance: Allowance,
  problems: Problem[],
): GivenOnce => {
  const objects = contents.map((content) => content.objects);
  const own = new Set(objects.flat().map((object) => (object.kind === 'Namespace' ? object.name : object.namespace)));
  const others = named.filter((name) => !own.has(name));
  const reading = readingOf(allowance);
  const { last } = reading;
  const key = last && isEqual(last.objects, objects) && isEqual(last.others, others) ? last.key : {};
  reading.last = { objects, others, key };
  return { key, read: () => givenBy(contents.flatMap(objectsIn), others, problems, mostPodsFor(allowance.size)) };
};

const isEqual = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((item, at) => item === other[at]);

/** A policy's namespace becomes one of the topology, whose names are shorter than Kubernetes allows. */
const checkNamespace = ({ policy, document }: PlacedPolicy, problems: Problem[]): void => {
  const problem = namespaceNameProblem(policy.namespace);
  if (problem !== undefined) problems.push(document.problemAt(['metadata', 'namespace'], problem));
};
