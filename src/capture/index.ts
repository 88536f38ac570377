export { type Condensed, condense, type WrittenNamespace, type WrittenPod } from './condense.ts';
export { type Gap, gapsOf } from './gaps.ts';
export { createLikeCell } from './like-cell.ts';
export { type Reading, readCluster } from './read-cluster.ts';
export type { Scope } from './rights.ts';
