export { checkHosts } from './check-hosts.ts';
export { inRunningOrder } from './group.ts';
export { containerName, runProbe } from './probe.ts';
export { headOfProbe, type ProbePlan } from './probe-plan.ts';
export { runScenarios } from './run.ts';
export { openSession, type Session } from './session.ts';
export type { RunOptions } from './stage.ts';
export { watchCells } from './watch-cells.ts';
export type { World } from './world.ts';
