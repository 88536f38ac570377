import type { Progress } from '../../progress.ts';

/** What a command needs of the terminal it runs in. */
export interface Terminal {
  /** Prints a text, or its parts in order, to standard output. Resolves when it is written, and never rejects. */
  readonly print: (text: string | Iterable<string>) => Promise<void>;
  /** Writes a message for people, as lines, to standard error. */
  readonly complain: (text: string) => void;
  /** Opens standard input. */
  readonly openStdin?: () => AsyncIterable<Uint8Array>;
  readonly progress: Progress;
  readonly colour: boolean;
  readonly width?: number;
  readonly signal: AbortSignal;
  /** Paths of incomplete files, which are removed if the process ends at once. */
  readonly unfinished?: Set<string>;
  /** Asks for a yes; anything else is false. Absent if nobody is there to answer. */
  readonly confirm?: (question: string) => Promise<boolean>;
}
