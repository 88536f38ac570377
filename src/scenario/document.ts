import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import { yaml } from '../yaml-library.ts';
import { type PlacedProblem, type Problem, shownPath } from './problem.ts';
import type { Allowance } from './source.ts';
import { duplicateKeys, type Place, syntaxPlaces, unfitPlaces, whyUnparsed } from './yaml-places.ts';

export type Path = readonly PropertyKey[];

/** What makes the data of a document doubtful. */
export interface Fault extends PlacedProblem {
  /** Set if it is a key that its mapping has already. kubectl, and the data, keep the last one of them. */
  readonly repeatedKey?: string;
}

/** One YAML document, as plain data with the place of each part. */
export interface SourceDocument {
  readonly file: string;
  /** The whole file, for callers that need the exact place of something inside a scalar. */
  readonly text: string;
  /** Plain data, or undefined for a document without content. */
  readonly value: unknown;
  /** Repeated keys and unknown tags: the data is there, but should not be trusted. */
  readonly faults: readonly Fault[];
  /** kubectl reads every scalar of it as YAML 1.2 does. */
  readonly isPlain?: true;
  readonly nodeAt: (path: Path) => Node | undefined;
  /**
   * The keys of a mapping in the order in which they are written; JavaScript doesn't keep that order for `10` and `2`.
   */
  readonly keysAt: (path: Path) => readonly string[];
  /** A problem with the value at the path or, if there is none, with its parent. */
  readonly problemAt: (path: Path, message: string, hint?: string) => PlacedProblem;
  /** A problem with the key that the path ends with. */
  readonly problemAtKey: (path: Path, message: string, hint?: string) => PlacedProblem;
  /** The part at the path, as a document of its own; takes a value if the path alone doesn't determine it. */
  readonly part: (path: Path, value?: unknown) => SourceDocument;
  /** The same document, written in another file. */
  readonly inFile: (file: string) => SourceDocument;
  /** Every scalar without quotes, each once, including keys and the targets of aliases. */
  readonly plainScalars: () => readonly PlainScalar[];
}

/** A scalar without quotes; its meaning depends on the YAML version. */
export interface PlainScalar {
  /** As written. */
  readonly source: string;
  /** Its value in YAML 1.2; for a key always the text. */
  readonly value: unknown;
  readonly isKey: boolean;
  readonly problem: (message: string) => PlacedProblem;
}

// Tags are refused, not resolved: kubectl has no JSON for dates, sets or bytes either. A key is always a string.
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

/** For a repeated key, the last one, which is also the one in the data. */
const byKey = ({ items }: YAMLMap): ReadonlyMap<PropertyKey, Pair> => {
  const { isScalar } = yaml();
  return new Map(items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value ?? ''), pair] as const] : [])));
};

interface Origin {
  readonly document: Document;
  readonly file: string;
  readonly text: string;
  readonly counter: LineCounter;
  readonly faults: readonly Fault[];
}

const locate = (origin: Origin, root: unknown, value: unknown): SourceDocument => {
  const { document, file, text, counter, faults } = origin;
  const { isAlias, isMap, isNode, isScalar, isSeq } = yaml();
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
  const nodeAt = (path: Path): Node | undefined => path.reduce<Node | undefined>(childOf, resolved(root));
  const valueAt = (path: Path): unknown => path.reduce<unknown>((part, key) => Object(part)[key], value);
  const problem = (node: unknown, message: string, hint?: string): PlacedProblem => {
    const { line, col } = counter.linePos((isNode(node) && node.range?.[0]) || 0);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  };
  const problemAt = (path: Path, message: string, hint?: string): PlacedProblem => {
    const node = nodeAt(path);
    return node !== undefined || path.length === 0
      ? problem(node, message, hint)
      : problemAt(path.slice(0, -1), message, hint);
  };
  return {
    file,
    text,
    value,
    faults,
    nodeAt,
    problemAt,
    keysAt: (path) => {
      const node = nodeAt(path);
      const written = isMap(node) ? node.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
      const keys = new Set(Object.keys(Object(valueAt(path))));
      // Keys that come from a merge are not written here, so they come last.
      return [...new Set([...written.filter((key) => keys.has(key)), ...keys])];
    },
    problemAtKey: (path, message, hint) => {
      const pair = pairAt(nodeAt(path.slice(0, -1)), path.at(-1));
      return pair === undefined ? problemAt(path, message, hint) : problem(pair.key, message, hint);
    },
    part: (path, own = valueAt(path)) => locate(origin, nodeAt(path), own),
    inFile: (other) =>
      locate({ ...origin, file: other, faults: faults.map((fault) => ({ ...fault, file: other })) }, root, value),
    plainScalars: () => {
      const scalars: PlainScalar[] = [];
      const seen = new Set<unknown>();
      const collect = (written: unknown, isKey: boolean): void => {
        const node = resolved(written);
        // Several aliases may refer to the same mapping.
        if (seen.has(node)) return;
        seen.add(node);
        for (const child of childrenOf(node)) collect(child.node, child.isKey);
        if (isScalar(node) && node.type === 'PLAIN')
          scalars.push({ source: node.source ?? '', value: node.value, isKey, problem: (said) => problem(node, said) });
      };
      collect(root, false);
      return scalars;
    },
  };
};

const childrenOf = (node: unknown): readonly { readonly node: unknown; readonly isKey: boolean }[] => {
  const { isMap, isSeq } = yaml();
  if (isSeq(node)) return node.items.map((item) => ({ node: item, isKey: false }));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => [
    { node: key, isKey: true },
    { node: value, isKey: false },
  ]);
};

/** The parser creates an error for each mistake, and most of the cost of an error is its stack. */
const withoutStacks = <Result>(work: () => Result): Result => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/**
 * Parses the documents of a YAML 1.2 file (core schema, merge keys as kubectl resolves them). Everything that is not
 * plain data goes to `problems`: syntax errors, tabs, aliases that multiply or contain themselves. A document with such
 * a problem is left out. Repeated keys and tags are the document's own `faults`, because not every document of a file
 * is read. Problems in a file with hidden content never quote it: it may be any file, even one with credentials.
 */
export const parseDocuments = (
  path: string,
  text: string,
  problems: Problem[],
  allowance: Allowance,
  content: 'shown' | 'hidden' = 'shown',
): readonly SourceDocument[] => {
  const file = shownPath(path);
  const { LineCounter, parseAllDocuments } = yaml();
  const counter = new LineCounter();
  const hint = looksLikeGrid.test(text) ? { hint: gridHint } : {};
  const problemOf = ({ offset, message: bare, quoting = bare, repeatedKey }: Place, shown: boolean): Fault => {
    const message = shown ? quoting : bare;
    const { line, col } = counter.linePos(offset);
    const repeated = repeatedKey === undefined ? {} : { repeatedKey };
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), message, ...hint, ...repeated };
  };
  const tell = (place: Place): void => void problems.push(problemOf(place, content === 'shown'));
  try {
    const unparsed = whyUnparsed(text, allowance);
    if (unparsed !== null) {
      problems.push({ file, ...unparsed });
      return [];
    }
    const documents = withoutStacks(() => parseAllDocuments(text, { ...parseOptions, lineCounter: counter }));
    return [...documents].flatMap((document) => {
      const syntax = syntaxPlaces(document);
      if (document.errors.length > 0) {
        syntax.forEach(tell);
        return [];
      }
      const unfit = unfitPlaces(document);
      unfit.forEach(tell);
      if (unfit.length > 0) return [];
      try {
        const value = document.toJS({ maxAliasCount }) ?? undefined;
        // Reported only for objects that are read.
        const faults = [...syntax, ...duplicateKeys(document)];
        return [
          locate(
            { document, file, text, counter, faults: faults.map((place) => problemOf(place, true)) },
            document.contents,
            value,
          ),
        ];
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
