export { OWNER_ANNOTATION, RUN_LABEL, renamed, suffixOf } from './cluster-name.ts';
export { namespaceLeftovers } from './dead-runs.ts';
export { type Deployment, type DeployOptions, deploy } from './deploy.ts';
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
  hostnameOf,
  isHost,
  isService,
  type PodEndpoint,
  type Question,
  questionOf,
  type ServiceEndpoint,
  type Source,
} from './endpoint.ts';
export { requireFamilies } from './families.ts';
export { hostLeftovers, isHostContainer, removeDeadHosts } from './hosts/hosts.ts';
export { routeLeftovers } from './hosts/route-leftovers.ts';
export { listedPods } from './listed-pods.ts';
export { createNamespace, namespaceManifest, serviceAccountManifest } from './namespaces.ts';
export { type ClusterNode, schedulableNodes } from './nodes.ts';
export { podManifest } from './pod-manifest.ts';
export type { PolicySet } from './policies/set.ts';
