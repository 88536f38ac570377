import type * as z from 'zod';
import { kindOf, nearest, quoted } from '../text.ts';
import type { Path, SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a string',
};

/** Messages for zod's issues, where the schema itself has none. */
const describeIssue = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.input === undefined) return `missing key ${quoted(String(issue.path?.at(-1) ?? ''))}`;
  if (issue.code === 'invalid_type') {
    const quote = issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input) ? ': quote it' : '';
    return `expected ${kinds[issue.expected] ?? issue.expected}, got ${kindOf(issue.input)}${quote}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const hint = values.length > 1 ? nearest('word', String(issue.input), values) : '';
    return `expected ${values.join(' or ')}, got ${kindOf(issue.input)}${hint}`;
  }
  return undefined;
};

type Issue = z.core.$ZodIssue;

const wrongAsAWhole = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

// Of several allowed forms, picks the one that matches the value's type: its problems say more than "none of these".
const branchOf = (errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const fitting = errors.filter((issues) => !issues.some(wrongAsAWhole));
  return fitting.length === 1 ? fitting[0] : undefined;
};

const problemsOf = (issue: Issue, document: SourceDocument, parent: Path): readonly Problem[] => {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const messages = issue.message.split('\n');
      return issue.keys.map((key, at) => document.problemAtKey([...path, key], messages[at] ?? issue.message));
    }
    case 'invalid_key':
      return issue.issues.map(({ message }) => document.problemAtKey(path, message));
    case 'invalid_union': {
      const branch = branchOf(issue.errors);
      return branch
        ? branch.flatMap((inner) => problemsOf(inner, document, path))
        : [document.problemAt(path, issue.message)];
    }
    default:
      return [document.problemAt(path, issue.message)];
  }
};

/**
 * Checks a document against a schema. All problems go to `problems`, at their places in the file. Returns a function
 * that says whether one top-level key (or, without a name, the whole) is sound, so that the rest can still be checked.
 */
export const validate = (
  document: SourceDocument,
  schema: z.ZodType,
  problems: Problem[],
): ((key?: string) => boolean) => {
  const { error } = schema.safeParse(document.value, { error: describeIssue });
  const issues = error?.issues ?? [];
  for (const issue of issues) for (const problem of problemsOf(issue, document, [])) problems.push(problem);
  return (key) =>
    issues.every(({ code, path }) =>
      key === undefined
        ? path.length > 0 || code === 'unrecognized_keys'
        : path[0] !== key && (path.length > 0 || code === 'unrecognized_keys'),
    );
};
