export * from './attach/index.ts';
export { readClusterDns } from './cluster-dns.ts';
export { OWNER_ANNOTATION, RUN_LABEL, renamed, suffixOf } from './cluster-name.ts';
export { type Deployment, type DeployOptions, deploy, namespaceManifest, serviceAccountManifest } from './deploy.ts';
export {
  createDeployments,
  type Deployments,
  type DeploymentsOptions,
  deleteRun,
  removeDeadRuns,
} from './deployments.ts';
export {
  answerOf,
  CONTAINER,
  type Endpoint,
  type HostEndpoint,
  isHost,
  isService,
  type PodEndpoint,
  type Question,
  questionOf,
  type ServiceEndpoint,
  type Source,
} from './endpoint.ts';
export { requireFamilies } from './families.ts';
export { removeDeadHosts } from './hosts/hosts.ts';
export { type ClusterNode, schedulableNodes } from './nodes.ts';
export { podManifest } from './pod-manifest.ts';
export type { PolicySet } from './policy-set.ts';
