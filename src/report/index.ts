/**
 * What most commands need. The rooms of this folder that belong to one command each have doors of their own, so that the
 * others don't load them.
 */
export { excerpt, printable, printableLines } from '../text.ts';
export { wrapped } from '../wrap.ts';
export { coloursOf } from './colours.ts';
export { comparedExitCode } from './compare/verdict.ts';
export { exitCodeOf } from './exit-code.ts';
export type { LogSections } from './log-section.ts';
export { noteLine, noteText } from './note.ts';
export { scenarioTookMs } from './outcome.ts';
export type { CreateReporter, Reporter, ReporterOptions } from './reporter.ts';
export { isReporterName, type ReporterName, reporterNamed } from './reporter-named.ts';
export { type Order, type OrderProof, rolloutExitCode, type ShownRollout } from './rollout/shown.ts';
export { stepText, terminal } from './terminal.ts';
