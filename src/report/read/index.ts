/** Reports that are read again. */
export { readRun } from './run.ts';
