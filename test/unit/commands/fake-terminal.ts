import type { Terminal } from '../../../src/commands/run.ts';

export interface FakeTerminal extends Terminal {
  /** All that was printed to standard output. */
  printed(): string;
  readonly notes: string[];
}

/** A terminal that remembers what it was told. */
export const fakeTerminal = (): FakeTerminal => {
  const printed: string[] = [];
  const notes: string[] = [];
  return {
    printed: () => printed.join(''),
    notes,
    print: (text) => void printed.push(text),
    progress: { note: (text) => void notes.push(text), during: (_what, work) => work() },
    colour: false,
    signal: new AbortController().signal,
  };
};
