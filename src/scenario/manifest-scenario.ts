import { basename, extname } from 'node:path';
import { excerpt, listed } from '../text.ts';
import { parseDocuments, type SourceDocument } from './document.ts';
import { shownPath } from './problem.ts';
import { fullAllowance } from './source.ts';

const LONGEST = 200;

const nameOf = (path: string): string => {
  if (path === '-') return 'stdin';
  const name = basename(shownPath(path)) || '.';
  return name.slice(0, name.length - extname(name).length) || name;
};

/**
 * The scenario that manifests make by themselves: what runs there, and as its expectation what the model predicts.
 * `paths` are those of the command line.
 */
export const manifestScenario = (
  paths: readonly string[],
): { readonly path: string; readonly document: SourceDocument } => {
  const [first = '-'] = paths;
  const path = first === '-' ? 'stdin' : first;
  const name = excerpt(listed(paths.map(nameOf), 3), LONGEST);
  const text = `name: ${JSON.stringify(name)}\nnamespaces: {}\npolicies: []\nexpect: model\n`;
  const [document] = parseDocuments(path, text, [], fullAllowance());
  if (!document) throw new RangeError('a scenario without content');
  return { path, document };
};
