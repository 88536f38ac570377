import type { Path, SourceDocument } from './document.ts';
import { fileProblem, shownPath } from './problem.ts';

/** A document that nobody wrote, so that a problem with it has no place but its file. */
export const unwritten = (path: string, value: unknown): SourceDocument => {
  const valueAt = (parts: Path): unknown => parts.reduce<unknown>((part, key) => Object(part)[key], value);
  const problemAt: SourceDocument['problemAt'] = (_, message, hint) => ({
    ...fileProblem(path, message),
    ...(hint !== undefined && { hint }),
  });
  return {
    file: shownPath(path),
    text: '',
    value,
    faults: [],
    isPlain: true,
    nodeAt: () => undefined,
    keysAt: (parts) => Object.keys(Object(valueAt(parts))),
    problemAt,
    problemAtKey: problemAt,
    part: (parts, own = valueAt(parts)) => unwritten(path, own),
    inFile: (file) => unwritten(file, value),
    plainScalars: () => [],
  };
};
