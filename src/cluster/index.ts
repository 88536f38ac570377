export { clusterRanges, rangeAround } from './address-ranges.ts';
export {
  type Cluster,
  type ClusterOptions,
  clusterDown,
  clusterUp,
  givenCluster,
  type Lease,
  leaseCluster,
  removeClustersOf,
} from './cluster.ts';
export { type CniAgent, cniAgents, RULES_END } from './cni/index.ts';
export { type ConfigChoice, readConfig } from './config.ts';
export { calicoVersions, ensureImages, type ImageFlags, probeImageOf, stockKubernetes } from './images/index.ts';
export { hasImage } from './images/node.ts';
export type { IpFamily } from './ip-family.ts';
export { keptClusters } from './kept-clusters.ts';
export { type NodeIdentity, runInNode } from './kind-node.ts';
export { clusterLeftovers, fileLeftovers } from './leftovers.ts';
