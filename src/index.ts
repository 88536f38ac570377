/**
 * podreach as a library: load scenarios, predict them, run them on a cluster, report. The command line is built on the
 * same. What policies mean, without scenarios, is `podreach/model`.
 */
export { type Cluster, type ClusterOptions, givenCluster, type Lease, leaseCluster } from './cluster/index.ts';
export { PodreachError } from './errors.ts';
export type { ImageChoice } from './host/index.ts';
export {
  type Addresses,
  agrees,
  type Cell,
  type CellStatus,
  disagreements,
  judgePredicted,
  modelOf,
  type Prediction,
  predict,
  predictScenario,
  predictStep,
  type Remark,
  type RunEvents,
  type RunResult,
  type RunStart,
  type ScenarioHead,
  type ScenarioResult,
  type Status,
  type StepResult,
  statusOf,
  type Timings,
  type Why,
  warningsOf,
  worldOf,
} from './matrix/index.ts';
export { type Progress, progressLines, silent } from './progress.ts';
export * from './report/advise/index.ts';
export * from './report/diagnose/index.ts';
export * from './report/explain/index.ts';
export * from './report/history/index.ts';
export * from './report/index.ts';
export * from './report/minimize/index.ts';
export * from './report/mutation/index.ts';
export * from './report/read/index.ts';
export * from './report/reporters/index.ts';
export * from './report/watch/index.ts';
export { type RunOptions, runScenarios } from './run/index.ts';
export * from './scenario/index.ts';
