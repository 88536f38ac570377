import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { type Problem, shownPath } from './problem.ts';
import type { Allowance } from './source.ts';
import { duplicateKeys, type Place, syntaxPlaces, unfitPlaces, whyUnparsed } from './yaml-places.ts';

export type Path = readonly PropertyKey[];

/** One YAML document, as plain data beside the places where each part of it is written. */
export interface SourceDocument {
  readonly file: string;
  /** The whole file, for those who need the exact place of something inside a scalar. */
  readonly text: string;
  /** Plain data, or undefined for a document without content. */
  readonly value: unknown;
  readonly nodeAt: (path: Path) => Node | undefined;
  /** The keys of a mapping in the order in which they are written, which JavaScript doesn't keep for `10` and `2`. */
  readonly keysAt: (path: Path) => readonly string[];
  /** A problem on the value at the path or, if there is none, on what it would be part of. */
  readonly problemAt: (path: Path, message: string, hint?: string) => Problem;
  /** A problem on the key that the path ends with. */
  readonly problemAtKey: (path: Path, message: string, hint?: string) => Problem;
}

// Tags are refused rather than resolved: kubectl has no JSON for dates, sets or bytes either. A key is always a string.
const parseOptions = {
  version: '1.2',
  schema: 'core',
  merge: true,
  stringKeys: true,
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
} as const;
const maxAliasCount = 100;

const gridHint = 'A grid begins with `grid: |2`, because its first line is indented more than the others.';
const looksLikeGrid = /^[ ]*grid:[ ]*[|][ ]*\n[ ]+\S+\/\S/m;

/** Of a key that is written twice the first. */
const byKey = ({ items }: YAMLMap): ReadonlyMap<PropertyKey, Pair> =>
  new Map(
    items.toReversed().flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value ?? ''), pair] as const] : [])),
  );

const locate = (document: Document, file: string, text: string, value: unknown, counter: LineCounter) => {
  const resolved = (node: unknown): Node | undefined => {
    const target = isAlias(node) ? node.resolve(document) : node;
    return isNode(target) ? target : undefined;
  };
  const pairs = new Map<Node, ReadonlyMap<PropertyKey, Pair>>();
  const pairAt = (parent: Node | undefined, key: PropertyKey | undefined): Pair | undefined => {
    if (!isMap(parent) || key === undefined) return undefined;
    const known = pairs.get(parent) ?? byKey(parent);
    pairs.set(parent, known);
    return known.get(key);
  };
  const childOf = (parent: Node | undefined, key: PropertyKey): Node | undefined =>
    resolved(isSeq(parent) && typeof key === 'number' ? parent.items[key] : pairAt(parent, key)?.value);
  const nodeAt = (path: Path): Node | undefined => path.reduce<Node | undefined>(childOf, resolved(document.contents));
  const problem = (node: unknown, message: string, hint?: string): Problem => {
    const { line, col } = counter.linePos((isNode(node) && node.range?.[0]) || 0);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  };
  const problemAt = (path: Path, message: string, hint?: string): Problem => {
    const node = nodeAt(path);
    return node !== undefined || path.length === 0
      ? problem(node, message, hint)
      : problemAt(path.slice(0, -1), message, hint);
  };
  return {
    file,
    text,
    value,
    nodeAt,
    problemAt,
    keysAt: (path) => {
      const node = nodeAt(path);
      const written = isMap(node) ? node.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
      const keys = new Set(Object.keys(Object(path.reduce((part, key) => Object(part)[key], value))));
      // Keys that a merge brought in are not written here: they come last.
      return [...new Set([...written.filter((key) => keys.has(key)), ...keys])];
    },
    problemAtKey: (path, message, hint) => {
      const pair = pairAt(nodeAt(path.slice(0, -1)), path.at(-1));
      return pair === undefined ? problemAt(path, message, hint) : problem(pair.key, message, hint);
    },
  } satisfies SourceDocument;
};

/**
 * Parses the documents of a YAML 1.2 file (core schema, merge keys as kubectl resolves them). Everything that is not
 * plain data goes to `problems`: syntax, tags, tabs, aliases that multiply or contain themselves. A document with a
 * problem is left out, but for one that only repeats a key, where more can be told. What is wrong with a file of hidden content
 * is told without a word of it: it may be any file, such as one of credentials.
 */
export const parseDocuments = (
  path: string,
  text: string,
  problems: Problem[],
  allowance: Allowance,
  content: 'shown' | 'hidden' = 'shown',
): readonly SourceDocument[] => {
  const file = shownPath(path);
  const counter = new LineCounter();
  const hint = looksLikeGrid.test(text) ? { hint: gridHint } : {};
  const tell = ({ offset, message: bare, quoting = bare }: Place): void => {
    const message = content === 'shown' ? quoting : bare;
    const { line, col } = counter.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), message, ...hint });
  };
  try {
    const unparsed = whyUnparsed(text, allowance);
    if (unparsed !== null) {
      problems.push({ file, ...unparsed });
      return [];
    }
    const documents = parseAllDocuments(text, { ...parseOptions, lineCounter: counter });
    return [...documents].flatMap((document) => {
      syntaxPlaces(document).forEach(tell);
      if (document.errors.length > 0) return [];
      duplicateKeys(document).forEach(tell);
      const unfit = unfitPlaces(document);
      unfit.forEach(tell);
      if (unfit.length > 0) return [];
      try {
        return [locate(document, file, text, document.toJS({ maxAliasCount }) ?? undefined, counter)];
      } catch (error) {
        tell({ offset: 0, message: error instanceof ReferenceError ? 'too many aliases' : 'nested too deeply' });
        return [];
      }
    });
  } catch {
    tell({ offset: 0, message: 'not YAML' });
    return [];
  }
};
