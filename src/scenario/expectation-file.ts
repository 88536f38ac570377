import { parseDocuments, type SourceDocument } from './document.ts';
import type { WrittenMatrix } from './expect-schema.ts';
import { type ExpectedMatrix, expandMatrix } from './expectation.ts';
import { fileProblem, type Problem, shownPath, throwProblems } from './problem.ts';
import { fitsRules } from './rule-limits.ts';
import type { Topology } from './scenario.ts';
import { fullAllowance, isThere, readText, repositoryOf } from './source.ts';
import { validate } from './validate.ts';

/** An expectation that was read before it is known which endpoints there are. */
export interface ExpectationFile {
  /** Relative to the working directory. */
  readonly file: string;
  /** The file holds the expectation itself; otherwise it stands under the key `expect`, as in a scenario. */
  readonly alone?: true;
  /** Throws a PodreachError that lists, with their places, all rules or grid cells that don't fit these endpoints. */
  expectedOf(topology: Topology): ExpectedMatrix;
}

export interface ExpectationOptions {
  /** Whether the file may be missing or empty, because its grid is still to be written. */
  readonly mayBeMissing?: boolean;
}

/**
 * Reads an expectation that belongs to no scenario: rules or a grid, as the whole file or under `expect`, where all other
 * keys count for nothing. Throws a PodreachError that lists all problems, each as a line `file:line:column: message`.
 */
export const readExpectation = async (
  path: string,
  { mayBeMissing = false }: ExpectationOptions = {},
): Promise<ExpectationFile> => {
  const file = shownPath(path);
  const problems: Problem[] = [];
  const document = mayBeMissing && !(await isThere(path)) ? null : await readDocument(path, problems);
  if (mayBeMissing && document === null && problems.length === 0) return { file, alone: true, expectedOf: () => NONE };
  if (document === null && problems.length === 0) problems.push(fileProblem(path, 'empty: expected rules or a grid'));
  const part = document && (await partOf(document, problems));
  const written = part && (await writtenIn(part, problems));
  throwProblems(problems);
  if (!part || !written) return { file, expectedOf: () => NONE };
  return {
    file,
    ...(part === document && { alone: true }),
    expectedOf: (topology) => {
      const unfit: Problem[] = [];
      const expectation = expandMatrix(part, written, topology, unfit);
      throwProblems(unfit);
      return expectation;
    },
  };
};

const NONE = { expected: null, form: null } as const;

/** The only document of the file; null if there is none. */
export const readDocument = async (path: string, problems: Problem[]): Promise<SourceDocument | null> => {
  const allowance = fullAllowance();
  const text = await readText(path, await repositoryOf(path, allowance), problems);
  if (text === null) return null;
  const [document, second] = parseDocuments(path, text, problems, allowance);
  for (const fault of document?.faults ?? []) problems.push(fault);
  if (second) problems.push(second.problemAt([], 'a second document: there is only one expectation'));
  return document?.value === undefined ? null : document;
};

/** What holds the rules or the grid: the document, or what stands in it under `expect`. */
const partOf = async (document: SourceDocument, problems: Problem[]): Promise<SourceDocument | null> => {
  const keys = document.keysAt([]);
  if (keys.includes('expect')) return document.part(['expect']);
  const { scenarioSchema } = await import('./schema.ts');
  if (!keys.some((key) => Object.hasOwn(scenarioSchema.shape, key))) return document;
  problems.push(document.problemAt([], 'missing key "expect": rules or a grid'));
  return null;
};

const writtenIn = async (part: SourceDocument, problems: Problem[]): Promise<WrittenMatrix | null> => {
  if (part.value === 'model') {
    const why = 'what the model predicts is not an expectation of running pods';
    problems.push(part.problemAt([], `expected rules or a grid: ${why}`));
    return null;
  }
  const { matrix } = await import('./expect-schema.ts');
  const before = problems.length;
  validate(part, matrix, problems);
  if (problems.length > before) return null;
  const written = part.value as WrittenMatrix;
  return fitsRules(part, written, problems) ? written : null;
};
