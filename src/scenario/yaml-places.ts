/** Finds what keeps a YAML file from being plain data, before anything is done with it. */
import { type Document, isNode, isScalar, Lexer, Parser, visit, type YAMLError } from 'yaml';
import { quoted } from '../wording.ts';

const mostAliases = 1000;
const deepestNesting = 200;
const mostSyntaxProblems = 20;
const longestKey = 400;

/** A problem by its offset in the text. */
export interface Place {
  readonly offset: number;
  readonly message: string;
}

const messages: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'duplicate key',
  TAB_AS_INDENT: 'a tab indents this line: YAML takes spaces only',
  NON_STRING_KEY: 'a key must be a plain string',
};

const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
};

/** Where a text nests too deeply to be parsed, if it does. */
// Composing nodes recurses, and V8 may abort the process where the stack ends inside a regular expression.
export const tooDeepAt = (text: string): { readonly line: number; readonly column: number } | null => {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > deepestNesting) return placeOf(text, parser.offset);
  }
  return null;
};

const keyAt = (text: string, offset: number): string => {
  const [whole, inQuotes] = /^"([^"\n]*)"|^[^\s:]*/.exec(text.slice(offset, offset + longestKey)) ?? [];
  return inQuotes ?? whole ?? '';
};

/** What the parser has to say of a document. */
export const syntaxPlaces = (document: Document, text: string): Place[] =>
  [...document.errors, ...document.warnings].slice(0, mostSyntaxProblems).map((error) => {
    const key = error.code === 'DUPLICATE_KEY' ? ` ${quoted(keyAt(text, error.pos[0]))}` : '';
    return { offset: error.pos[0], message: messages[error.code] ? `${messages[error.code]}${key}` : error.message };
  });

/** What YAML can say and JSON can't hold. */
export const unfitPlaces = (document: Document): Place[] => {
  const places: Place[] = [];
  const add = (node: unknown, message: string): void => {
    places.push({ offset: (isNode(node) && node.range?.[0]) || 0, message });
  };
  let aliases = 0;
  visit(document, {
    Alias: (_, alias) => {
      aliases += 1;
      if (aliases > mostAliases) {
        add(alias, 'too many aliases');
        return visit.BREAK;
      }
      const [start, end] = alias.resolve(document)?.range ?? [];
      const at = alias.range?.[0] ?? 0;
      if (start === undefined || end === undefined) add(alias, `unknown alias ${quoted(alias.source)}`);
      else if (start <= at && at < end) add(alias, `the alias ${quoted(alias.source)} contains itself`);
      return undefined;
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '__proto__') add(pair.key, 'invalid key "__proto__"');
    },
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'number' && !Number.isFinite(scalar.value)) add(scalar, 'expected a finite number');
    },
  });
  if (document.directives?.yaml.version !== '1.2') add(document.contents, 'only YAML 1.2 is read');
  return places;
};
