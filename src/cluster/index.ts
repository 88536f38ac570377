export { type ClusterRange, clusterRanges, rangeAround } from './address-ranges.ts';
export { exclusively } from './cache.ts';
export { type Client, connect, pathOf } from './client.ts';
export {
  type Cluster,
  type ClusterOptions,
  clusterDown,
  clusterUp,
  givenCluster,
  type Lease,
  leaseCluster,
} from './cluster.ts';
export { type ConfigChoice, readConfig } from './cluster-config.ts';
export { clusterLeftovers, fileLeftovers } from './cluster-leftovers.ts';
export { requireEngine } from './engine.ts';
export type { ImageChoice } from './image-source.ts';
export { ensureImages } from './images/index.ts';
export { stockProbeImage } from './images/registry.ts';
export type { IpFamily } from './ip-family.ts';
export { keptClusters } from './kept-clusters.ts';
export { type Leftover, removeLeftovers } from './leftover.ts';
export { objectLeftovers } from './object-leftovers.ts';
export { ownerText, thisOwner } from './owner.ts';
