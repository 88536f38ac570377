export { RUN_LABEL, renamed, suffixOf } from './cluster-name.ts';
export type { Copies, Copy } from './copies.ts';
export { namespaceLeftovers } from './dead-runs.ts';
export { type Deployment, deploy } from './deploy.ts';
export {
  createDeployments,
  type Deployments,
  removeDeadRuns,
} from './deployments.ts';
export {
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
export { hostLeftovers, isHostContainer, removeDeadHosts } from './hosts/dead-hosts.ts';
export { routeLeftovers } from './hosts/route-leftovers.ts';
export { listedPods } from './listed-pods.ts';
export { createNamespace, namespaceManifest, serviceAccountManifest } from './namespaces.ts';
export { schedulableNodes } from './nodes.ts';
export { podManifest } from './pod-manifest.ts';
export { policyManifest } from './policies/manifest.ts';
export { JOIN_RECORDER } from './serve-script.ts';
export { CLUSTER_DOMAIN } from './services/service-manifest.ts';
export { policyLeftovers, withTemporaryPolicies } from './temporary-policies.ts';
