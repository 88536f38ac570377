import type { Terminal } from '../../../src/commands/terminal/terminal.ts';

export interface FakeTerminal extends Terminal {
  /** All that was printed to standard output. */
  printed(): string;
  /** All that was said on standard error, but for the notes. */
  complained(): string;
  readonly notes: string[];
}

/** A terminal that remembers what it was told. */
export const fakeTerminal = (): FakeTerminal => {
  const printed: string[] = [];
  const complaints: string[] = [];
  const notes: string[] = [];
  return {
    printed: () => printed.join(''),
    notes,
    complained: () => complaints.join(''),
    print: async (text) => void printed.push(...(typeof text === 'string' ? [text] : text)),
    complain: (text) => void complaints.push(text),
    progress: { note: (text) => void notes.push(text), during: (_what, work) => work() },
    colour: false,
    signal: new AbortController().signal,
  };
};
