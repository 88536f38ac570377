/** The semantics of networking.k8s.io/v1 NetworkPolicy: pure, without a cluster. docs/model.md shows how to use it. */
export { type Address, type AddressRange, contains, type Family, parseAddress, parseRange } from './address.ts';
export { addressText } from './address-text.ts';
export { DEFAULT_DNS, DNS_LABELS, DNS_NAMESPACE } from './cluster-dns.ts';
export { compile, withPolicies } from './compile.ts';
export { type Decision, isolates, type Model } from './decide.ts';
export { backendsDiffer, decide, isLeftOpen, isSticky, lookupUnknown } from './decide-probe.ts';
export { type End, endName, KUBELET, type Way } from './end.ts';
export type { Endpoint, EndpointKind } from './endpoint.ts';
export { type Advice, type AllowAll, advise, type TriedChange } from './explain/advice.ts';
export type * from './explain/advice-change.ts';
export type { Reach } from './explain/advice-reach.ts';
export { type Decider, type DecidingRule, decidersOf } from './explain/deciders.ts';
export { distinguishing } from './explain/distinguishing.ts';
export {
  type Doubt,
  type Explanation,
  explain,
  type IsolatingPolicy,
  type RuleAnswer,
  type Side,
} from './explain/explain.ts';
export { type Backend, explainProbe, type Lookup, type ProbeExplanation } from './explain/explain-probe.ts';
export type * from './explain/why-labels.ts';
export { unmetBy } from './explain/why-labels.ts';
export type * from './explain/why-not-applied.ts';
export type * from './explain/why-peer.ts';
export type * from './explain/why-port.ts';
export { lint, type Warning } from './lint/lint.ts';
export type * from './policy.ts';
export { type ChangedCells, changesBetween } from './reach/changes.ts';
export { classesOf, type EndpointClass } from './reach/classes.ts';
export { type ComparedAll, type ComparedCells, compareCells } from './reach/compare-cells.ts';
export type { ComparedSide, PairedClass } from './reach/paired.ts';
export { type Reachability, reachability } from './reach/reachability.ts';
export { type PolicyProblem, type ReadOptions, readPolicies, readPolicy } from './read/read-policy.ts';
export { backendsOf } from './route.ts';
export { DIRECTIONS, peersOf, portsOf, rulesIn, rulesOf } from './rules.ts';
export { hasLabels, selectorKey, selects } from './selector.ts';
export type * from './world.ts';
export { NAME_LABEL } from './world.ts';
