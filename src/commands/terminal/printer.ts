import type { Writable } from 'node:stream';
import { PodreachError } from '../../errors.ts';
import { isClosed, type Text, writeProblem, writeText } from './write-text.ts';

export interface Printer {
  /** Prints text as it is, after everything printed before. Resolves when it is written, and never rejects. */
  print(text: Text): Promise<void>;
  /** What went wrong, once everything is printed. A reader that closed its end is not a problem. */
  problem(): Promise<PodreachError | undefined>;
}

/** Prints to a stream until it fails or the reader closes its end. */
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
        `standard output can't be written, so its report is incomplete: ${writeProblem(error)}`,
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
