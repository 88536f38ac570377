import type { Writable } from 'node:stream';
import { PodreachError } from '../errors.ts';
import { isClosed, type Text, writeProblem, writeText } from './text.ts';

export interface Printer {
  /** Prints text as it is, after what was printed before. Resolves when it is out, and never rejects. */
  print(text: Text): Promise<void>;
  /** What went wrong, once all is printed. A reader that has closed its end is nothing wrong. */
  problem(): Promise<PodreachError | undefined>;
}

/** Prints to a stream until that fails once, or the reader has closed its end. */
export const createPrinter = (stream: Writable): Printer => {
  let failure: PodreachError | undefined;
  let closed = false;
  let printing = Promise.resolve();
  const fail = (error: unknown): void => {
    if (closed || failure) return;
    if (isClosed(error)) {
      closed = true;
    } else {
      failure = new PodreachError(
        `standard output can't be written, so its report is not whole: ${writeProblem(error)}`,
      );
    }
  };
  stream.on('error', fail);
  return {
    print: (text) => {
      printing = printing.then(async () => {
        if (!closed && !failure) await writeText(stream, text).catch(fail);
      });
      return printing;
    },
    problem: () => printing.then(() => failure),
  };
};
