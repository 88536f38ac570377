/** A matrix over time, for people and for machines. */
export { watchExitCode } from './exit-code.ts';
export { watchJson } from './json.ts';
export { watchScreen } from './screen.ts';
export { eventText, watchSummary } from './words.ts';
