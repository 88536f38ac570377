import { parseDocuments, type SourceDocument } from './document.ts';
import { type Problem, shownPath } from './problem.ts';
import { quickDocuments } from './quick-documents.ts';
import type { Allowance } from './source.ts';

/** What was parsed, by path and by text. */
interface Parsed {
  readonly paths: Map<string, readonly SourceDocument[]>;
  /** A text is its own key, whose hash JavaScript keeps: a copy of it would be hashed again. */
  readonly texts: Map<string, readonly SourceDocument[]>;
}

const parsed = new WeakMap<Allowance, Parsed>();

/**
 * The documents of a manifest file, whose content stays hidden; parsed once, however many scenarios name the file, or
 * another one with the same text.
 */
export const parseManifests = (
  path: string,
  text: string,
  problems: Problem[],
  allowance: Allowance,
): readonly SourceDocument[] => {
  const known: Parsed = parsed.get(allowance) ?? { paths: new Map(), texts: new Map() };
  parsed.set(allowance, known);
  const { paths, texts } = known;
  const same = paths.get(path) ?? texts.get(text)?.map((document) => document.inFile(shownPath(path)));
  const documents =
    same ?? quickDocuments(path, text, allowance) ?? parseDocuments(path, text, problems, allowance, 'hidden');
  paths.set(path, documents);
  texts.set(text, documents);
  return documents;
};
