import type { SourceDocument } from './document.ts';
import type { Problem } from './problem.ts';

/** The names that an object gives for its kind. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

const textIn = (value: unknown, key: string): string => {
  const text = Object(value)[key];
  return typeof text === 'string' ? text : '';
};

export const kindIn = (value: unknown): ObjectKind => ({
  apiVersion: textIn(value, 'apiVersion'),
  kind: textIn(value, 'kind'),
});

/**
 * The objects of a document: the document itself, or the items of a list (`kind: List`, NetworkPolicyList) at any
 * depth, as kubectl unrolls it. An item without a kind has that of its typed list. A list whose `items` is not a list
 * goes to `problems`.
 */
export const objectsIn = (document: SourceDocument, problems: Problem[]): readonly SourceDocument[] => {
  const { value } = document;
  const { apiVersion, kind } = kindIn(value);
  if (!kind.endsWith('List') || !Object.hasOwn(Object(value), 'items')) return [document];
  const items: unknown = Object(value).items ?? [];
  if (!Array.isArray(items)) {
    problems.push(document.problemAt(['items'], `the items of a ${kind} are not a list`));
    return [];
  }
  const typed = { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, index) => {
    const own = kindIn(item);
    const isUnnamed = typed.kind !== '' && own.apiVersion === '' && own.kind === '' && isMapping(item);
    return objectsIn(document.part(['items', index], isUnnamed ? { ...typed, ...item } : item), problems);
  });
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
