/** Finds what keeps a YAML file from being plain data, before anything uses it. */
import type { Document, Node, YAMLError } from 'yaml';
import { quoted } from '../text.ts';
import { yaml } from '../yaml-library.ts';
import { LIMITS } from './limits.ts';
import type { Allowance } from './source.ts';
import { settleEstimates } from './token-count.ts';

const mostAliases = 1000;
const deepestNesting = 200;
const mostSyntaxProblems = 20;

/** A problem by its offset in the text. */
export interface Place {
  readonly offset: number;
  readonly message: string;
  /** The same message with a quote of the source, for a file whose content may be shown. */
  readonly quoting?: string;
  /** A key that its mapping has already. */
  readonly repeatedKey?: string;
}

const messages: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab indents this line: YAML allows only spaces',
  NON_STRING_KEY: 'a key must be a plain string',
};

/** Messages to use instead of the parser's own where those would quote the file. */
const bareMessages: Partial<Record<YAMLError['code'], string>> = {
  ...messages,
  TAG_RESOLVE_FAILED: 'unknown tag',
  MISSING_CHAR: 'not YAML: something is missing here, such as a bracket, a quote or a colon',
  BAD_INDENT: 'not YAML: this line is indented wrongly',
};

const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
};

/**
 * Why a text is not parsed, and where: it nests too deeply, or has more tokens than may still be read. Subtracts its
 * tokens from the allowance.
 */
// Composing nodes recurses, and V8 may abort the process if the stack overflows inside a regular expression.
export const whyUnparsed = (
  text: string,
  allowance: Allowance,
): { readonly line: number; readonly column: number; readonly message: string } | null => {
  const { Lexer, Parser } = yaml();
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > deepestNesting) return { ...placeOf(text, parser.offset), message: 'nested too deeply' };
    tokens += 1;
    allowance.tokens -= 1;
    if (tokens > LIMITS.fileTokens)
      return { ...placeOf(text, parser.offset), message: `more than ${LIMITS.fileTokens} tokens of YAML in a file` };
    if (allowance.tokens < 0) settleEstimates(allowance);
    if (allowance.tokens < 0)
      return { ...placeOf(text, parser.offset), message: `more than ${LIMITS.allTokens} tokens of YAML in all files` };
  }
  return null;
};

/** A tab makes the parser lose its way, so what it reports besides says nothing. */
const causesIn = (errors: readonly YAMLError[]): readonly YAMLError[] => {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  return (tabs.length > 0 ? tabs : errors).slice(0, mostSyntaxProblems);
};

/** What the parser reports about a document. */
export const syntaxPlaces = (document: Document): Place[] =>
  [...causesIn(document.errors), ...document.warnings.slice(0, mostSyntaxProblems)].map((error) => ({
    offset: error.pos[0],
    message: bareMessages[error.code] ?? 'not YAML',
    quoting: messages[error.code] ?? error.message,
  }));

/** Keys that a mapping already has. The parser's own check compares each with each, which takes minutes for many. */
export const duplicateKeys = (document: Document): Place[] => {
  const { isScalar, visit } = yaml();
  const places: Place[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const text = String(key.value ?? '');
        if (seen.has(text))
          places.push({
            offset: key.range?.[0] ?? 0,
            message: 'duplicate key',
            quoting: `duplicate key ${quoted(text)}`,
            repeatedKey: text,
          });
        seen.add(text);
      }
    },
  });
  return places.slice(0, mostSyntaxProblems);
};

/** What YAML can express but JSON can't. */
export const unfitPlaces = (document: Document): Place[] => {
  const { isAlias, isNode, isScalar, visit } = yaml();
  const places: Place[] = [];
  const add = (node: unknown, message: string, quoting = message): void => {
    places.push({ offset: (isNode(node) && node.range?.[0]) || 0, message, quoting });
  };
  const checkScalar = (node: Node): undefined => {
    if (isScalar(node) && typeof node.value === 'number' && !Number.isFinite(node.value))
      add(node, 'expected a finite number');
  };
  let aliases = 0;
  const anchored = new Map<string, Node>();
  visit(document, {
    Node: (_, node) => {
      // An alias refers to the last anchor of that name before it. Searching from each alias would walk the whole
      // document.
      if ('anchor' in node && typeof node.anchor === 'string') anchored.set(node.anchor, node);
      if (!isAlias(node)) return checkScalar(node);
      const alias = node;
      aliases += 1;
      if (aliases > mostAliases) {
        add(alias, 'too many aliases');
        return visit.BREAK;
      }
      const [start, end] = anchored.get(alias.source)?.range ?? [];
      const at = alias.range?.[0] ?? 0;
      if (start === undefined || end === undefined)
        add(alias, 'unknown alias', `unknown alias ${quoted(alias.source)}`);
      else if (start <= at && at < end)
        add(alias, 'an alias that contains itself', `the alias ${quoted(alias.source)} contains itself`);
      return undefined;
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '__proto__') add(pair.key, 'invalid key "__proto__"');
    },
  });
  if (document.directives?.yaml.version !== '1.2') add(document.contents, 'podreach reads only YAML 1.2');
  return places;
};
