import { type Path, parseDocuments, type SourceDocument } from './document.ts';
import { plainDocuments } from './plain-yaml.ts';
import { type PlacedProblem, shownPath } from './problem.ts';
import { type Allowance, fullAllowance } from './source.ts';
import { takeAtMost } from './token-count.ts';

/**
 * The documents of a plain manifest file, except empty ones. Its places are found by parsing it once more, when somebody asks
 * for one. Null if the file is not plain, or has so many tokens that they have to be counted.
 */
export const quickDocuments = (path: string, text: string, allowance: Allowance): readonly SourceDocument[] | null => {
  const plain = plainDocuments(text);
  if (!plain || !takeAtMost(text, allowance)) return null;
  const file = shownPath(path);
  const whole = once(() => placedDocuments(path, text));
  const lineOf = lineFinder(text);
  return plain
    .filter(({ value }) => value !== undefined)
    .map(({ value, start }) => {
      const placed = once((): SourceDocument => {
        const found = whole().get(start);
        if (found) return found;
        throw new TypeError('two parsers of YAML disagree about where a document begins');
      });
      return deferred({ file, text, value }, placed, () => lineOf(start));
    });
};

const placedDocuments = (path: string, text: string): ReadonlyMap<number, SourceDocument> => {
  const unlimited = { ...fullAllowance(), tokens: Number.POSITIVE_INFINITY };
  const documents = parseDocuments(path, text, [], unlimited, 'hidden');
  return new Map(documents.map((document) => [document.nodeAt([])?.range?.[0] ?? -1, document]));
};

type Start = Pick<PlacedProblem, 'line' | 'column'>;

/** A document whose places another one knows, which is parsed when it is asked for. */
const deferred = (
  { file, text, value }: Pick<SourceDocument, 'file' | 'text' | 'value'>,
  placed: () => SourceDocument,
  start?: () => Start,
): SourceDocument => ({
  ...{ file, text, value, faults: [], isPlain: true },
  nodeAt: (path) => placed().nodeAt(path),
  keysAt: (path) => placed().keysAt(path),
  problemAt: (path, message, hint) =>
    path.length === 0 && start
      ? { file, ...start(), message, ...(hint !== undefined && { hint }) }
      : placed().problemAt(path, message, hint),
  problemAtKey: (path, message, hint) => placed().problemAtKey(path, message, hint),
  plainScalars: () => placed().plainScalars(),
  part: (path, own = valueAt(value, path)) =>
    deferred(
      { file, text, value: own },
      once(() => placed().part(path, own)),
    ),
  inFile: (other) =>
    deferred(
      { file: other, text, value },
      once(() => placed().inFile(other)),
      start,
    ),
});

const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((part, key) => Object(part)[key], value);

const once = <Result>(work: () => Result): (() => Result) => {
  let done: { readonly result: Result } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
};

/** Finds the line and the column of an offset; the lines are looked up when the first is asked for. */
const lineFinder = (text: string): ((offset: number) => Start) => {
  const starts = once(() => [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)]);
  return (offset) => {
    const all = starts();
    let [low, high] = [0, all.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((all[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (all[low] ?? 0) + 1 };
  };
};
