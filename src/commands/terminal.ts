import type { Progress } from '../progress.ts';

/** What a command needs of the terminal it runs in. */
export interface Terminal {
  /** Prints a text, or its parts in order, to standard output. Resolves when it is out, and never rejects. */
  readonly print: (text: string | Iterable<string>) => Promise<void>;
  /** Writes a message for people, as lines, to standard error. */
  readonly complain: (text: string) => void;
  /** Opens standard input. */
  readonly openStdin?: () => AsyncIterable<Uint8Array>;
  readonly progress: Progress;
  readonly colour: boolean;
  readonly width?: number;
  readonly signal: AbortSignal;
  /** Asks for a yes, and gives false for anything else; where nobody is there to answer it is left out. */
  readonly confirm?: (question: string) => Promise<boolean>;
}
