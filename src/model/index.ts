/** The semantics of networking.k8s.io/v1 NetworkPolicy: pure, without a cluster. */
export type { Address, AddressRange, Family } from './address.ts';
export { type ChangedCells, changesBetween } from './changes.ts';
export type { EndpointClass } from './classes.ts';
export { compile, withPolicies } from './compile.ts';
export { type Decision, decide, type Model } from './decide.ts';
export type { Endpoint } from './endpoint.ts';
export type * from './policy.ts';
export { type Reachability, reachability } from './reachability.ts';
export { type PolicyProblem, type ReadOptions, readPolicies, readPolicy } from './read-policy.ts';
export type * from './world.ts';
