/**
 * podreach as a library: load scenarios, predict them, run them on a cluster, report. The command line is built from the
 * same. What policies mean, without scenarios, is `podreach/model`.
 */
export {
  type Cluster,
  type ClusterOptions,
  givenCluster,
  type ImageChoice,
  type Lease,
  leaseCluster,
} from './cluster/index.ts';
export { PodreachError } from './errors.ts';
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
  statusOf,
  warningsOf,
  worldOf,
} from './matrix/index.ts';
export { type Progress, progressLines, silent } from './progress.ts';
export * from './report/index.ts';
export { type RunOptions, runScenarios } from './run.ts';
export * from './scenario/index.ts';
