/**
 * Where kubectl reads a manifest differently from YAML 1.2: it splits a file at lines of `---`, and reads each part by
 * the YAML 1.1 rules of sigs.k8s.io/yaml (goyaml.v2/resolve.go; no sexagesimals, and no times).
 */
import type { PlainScalar, SourceDocument } from './document.ts';
import { kubectlValue } from './kubectl-value.ts';
import { fileProblem, type Problem } from './problem.ts';

const cure = (value: unknown): string =>
  typeof value === 'number' ? 'write it in plain digits, or quote it' : 'quote it';

const problemOf = ({ source, value, isKey, problem }: PlainScalar): readonly Problem[] => {
  const read = kubectlValue(source);
  if (isKey && read === null) return [problem('kubectl accepts no null as a key: quote it')];
  // kubectl rounds a key of many digits, and rewrites one with an exponent.
  const isSame = isKey ? `${read}` === source && (typeof read !== 'number' || source.length <= 6) : read === value;
  return isSame || Number.isNaN(value) ? [] : [problem(`kubectl reads \`${source}\` as ${read} here: ${cure(value)}`)];
};

/** Every scalar of a document that kubectl reads differently from YAML 1.2. */
export const misreadScalars = (document: SourceDocument): readonly Problem[] =>
  document.isPlain ? [] : document.plainScalars().flatMap(problemOf);

/** Line breaks in YAML 1.1, which also end a comment, and a byte order mark, which is not one inside a file. */
const misreadCharacter = /[\u0085\u2028\u2029\ufeff]/;

const codeOf = (character: string): string =>
  `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;

/** Without any of these, no line needs a closer look: those characters, a directive, an end, `---` with something after it. */
const mayBeMisread = /[\u0085\u2028\u2029\ufeff]|^(?:%|\.\.\.|---(?![ \t]*\r?$))/m;

type State = 'begin' | 'inside' | 'ended';

/**
 * What kubectl refuses or skips between the documents of a file, and the characters that it treats as line breaks. JSON
 * has none of these.
 */
export const misreadLines = (path: string, text: string): readonly Problem[] => {
  const problems: Problem[] = [];
  if (/^\s*\{/.test(text) || !mayBeMisread.test(text)) return problems;
  let state: State = 'begin';
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const tell = (message: string): void => void problems.push({ ...fileProblem(path, message), line: index + 1 });
    const character = misreadCharacter.exec(line);
    if (character) {
      const message = `kubectl reads ${codeOf(character[0])} differently here: leave it out, or escape it in double quotes`;
      problems.push({ ...fileProblem(path, message), line: index + 1, column: character.index + 1 });
    }
    const isBlank = /^\s*(?:#|$)/.test(line);
    if (line.startsWith('---')) {
      if (!/^---\s*(?:#|$)/.test(line))
        tell('kubectl accepts nothing after `---` except a comment: write it on the next line');
      state = 'begin';
    } else if (isBlank) continue;
    else if (state === 'begin' && line.startsWith('%')) tell('kubectl accepts no directives: remove this line');
    else if (/^\.\.\.\s*(?:#|$)/.test(line)) state = 'ended';
    else if (state === 'ended') {
      tell('kubectl ignores what is between `...` and the next `---`: separate documents with `---`');
      state = 'inside';
    } else state = 'inside';
  }
  return problems;
};
