import { parseDocuments, type SourceDocument } from './document.ts';
import { type Problem, shownPath } from './problem.ts';
import { quickDocuments } from './quick-documents.ts';
import type { Allowance } from './source.ts';

const parsed = new WeakMap<Allowance, Map<string, readonly SourceDocument[]>>();

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
  const known = parsed.get(allowance) ?? new Map<string, readonly SourceDocument[]>();
  parsed.set(allowance, known);
  const same =
    known.get(`path ${path}`) ?? known.get(`text ${text}`)?.map((document) => document.inFile(shownPath(path)));
  const documents =
    same ?? quickDocuments(path, text, allowance) ?? parseDocuments(path, text, problems, allowance, 'hidden');
  known.set(`path ${path}`, documents);
  known.set(`text ${text}`, documents);
  return documents;
};
