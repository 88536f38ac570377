/** A diagnosis, for people and for machines. */
export { diagnosisExitCode } from './exit-code.ts';
export { diagnosisJson } from './json.ts';
export type { StepOptions } from './steps.ts';
export { diagnosisText } from './text.ts';
