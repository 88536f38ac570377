/** Which mistakes an expectation notices, for people and for machines. */
export { mutationJson } from './json.ts';
export { mutationExitCode } from './live.ts';
export { mutationText } from './text.ts';
