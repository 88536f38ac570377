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
  const placedAt = (start: number): SourceDocument => {
    const found = whole().get(start);
    if (found) return found;
    throw new TypeError('two parsers of YAML disagree about where a document begins');
  };
  return plain
    .filter(({ value }) => value !== undefined)
    .map(
      ({ value, start }) =>
        new DeferredDocument(
          { file, text, value },
          () => placedAt(start),
          () => lineOf(start),
        ),
    );
};

const placedDocuments = (path: string, text: string): ReadonlyMap<number, SourceDocument> => {
  const unlimited = { ...fullAllowance(), tokens: Number.POSITIVE_INFINITY };
  const documents = parseDocuments(path, text, [], unlimited, 'hidden');
  return new Map(documents.map((document) => [document.nodeAt([])?.range?.[0] ?? -1, document]));
};

type Start = Pick<PlacedProblem, 'line' | 'column'>;

const NO_FAULTS: readonly never[] = [];

/** A document whose places another one knows, which is parsed when it is asked for. A class, because there are ten thousands. */
class DeferredDocument implements SourceDocument {
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
  readonly faults = NO_FAULTS;
  readonly isPlain = true;
  readonly #find: () => SourceDocument;
  readonly #start: (() => Start) | undefined;
  #found: SourceDocument | undefined;

  constructor(
    { file, text, value }: Pick<SourceDocument, 'file' | 'text' | 'value'>,
    find: () => SourceDocument,
    start?: () => Start,
  ) {
    this.file = file;
    this.text = text;
    this.value = value;
    this.#find = find;
    this.#start = start;
  }

  #placed(): SourceDocument {
    this.#found ??= this.#find();
    return this.#found;
  }

  nodeAt(path: Path): ReturnType<SourceDocument['nodeAt']> {
    return this.#placed().nodeAt(path);
  }

  keysAt(path: Path): readonly string[] {
    return this.#placed().keysAt(path);
  }

  problemAt(path: Path, message: string, hint?: string): PlacedProblem {
    const start = path.length === 0 ? this.#start?.() : undefined;
    if (!start) return this.#placed().problemAt(path, message, hint);
    return { file: this.file, ...start, message, ...(hint !== undefined && { hint }) };
  }

  problemAtKey(path: Path, message: string, hint?: string): PlacedProblem {
    return this.#placed().problemAtKey(path, message, hint);
  }

  plainScalars(): ReturnType<SourceDocument['plainScalars']> {
    return this.#placed().plainScalars();
  }

  part(path: Path, value = valueAt(this.value, path)): SourceDocument {
    const { file, text } = this;
    return new DeferredDocument({ file, text, value }, () => this.#placed().part(path, value));
  }

  inFile(file: string): SourceDocument {
    const { text, value } = this;
    return new DeferredDocument({ file, text, value }, () => this.#placed().inFile(file), this.#start);
  }
}

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
