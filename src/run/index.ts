export { containerName, headOfProbe, type ProbePlan, runProbe } from './probe.ts';
export { runScenarios } from './run.ts';
export type { RunOptions } from './stage.ts';
