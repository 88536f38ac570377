/** The terminal that a command runs in, and how text gets there. */
export { wantsColour } from './colour.ts';
export { errorLines } from './error-lines.ts';
export { wantsLive } from './live-line.ts';
export { createPrinter } from './printer.ts';
export type { Terminal } from './terminal.ts';
export { isClosed, type Text, writeProblem, writeText } from './write-text.ts';
