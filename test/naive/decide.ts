/**
 * A second opinion on what NetworkPolicies do: a decision procedure straight from the specification, sentence by
 * sentence, that loops over everything and shares no code with the model. The sentences are those of
 * [API] https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/,
 * [NP] https://kubernetes.io/docs/concepts/services-networking/network-policies/,
 * [APISERVER] https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ and
 * [LS] https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/.
 */
import type { Probe, World } from '../../src/model/world.ts';
import { type End, endsOf } from './ends.ts';
import { type Flow, type Plugin, pluginsFor } from './flow.ts';
import type { RawPolicy } from './manifest.ts';
import { ruleAllows, selects } from './rule.ts';

export type Verdict = 'allow' | 'deny' | 'unknown';

/** Sure only where it comes out the same for every plugin and every address that the ends may have. */
export const decideNaively = (manifests: readonly RawPolicy[], world: World, probe: Probe): Verdict => {
  // [NP] "exception: a pod cannot block access to itself"
  if (probe.from === probe.to) return 'allow';
  const verdicts = new Set<Verdict>();
  for (const source of sourcesOf(world, probe.from))
    for (const target of endsOf(world, probe.to))
      for (const plugin of pluginsFor(source, target))
        for (const verdict of verdictsOf(manifests, { source, target, plugin, probe })) verdicts.add(verdict);
  const [verdict = 'unknown'] = verdicts;
  return verdicts.size === 1 ? verdict : 'unknown';
};

/** A node has many addresses, such as those of tunnels: which one its packets carry is not known. */
const sourcesOf = (world: World, name: string): readonly End[] =>
  endsOf(world, name).map((end) => (end.hosts ? { ...end, address: null } : end));

export const verdictsOf = (manifests: readonly RawPolicy[], flow: Flow): readonly Verdict[] => {
  const { source, target, plugin, probe } = flow;
  const onePodsNode = source.namespace && target.namespace && (source.hostNetwork || target.hostNetwork);
  const node = source.hosts ?? target.hosts;
  const pod = source.hosts ? probe.to : probe.from;
  // [NP] "traffic to and from the node where a Pod is running is always allowed, regardless of the IP address of the Pod
  // or the node".
  if (node?.surely.includes(pod)) return ['allow'];
  const verdict = meet(decideSide(manifests, flow, 'egress'), decideSide(manifests, flow, 'ingress'));
  const perhaps = node?.perhaps.includes(pod) || (plugin === 'sees nodes' && onePodsNode);
  return perhaps ? [verdict, 'allow'] : [verdict];
};

/**
 * [NP] "For a connection from a source pod to a destination pod to be allowed, both the egress policy on the source pod
 * and the ingress policy on the destination pod need to allow the connection."
 */
export const meet = (egress: Verdict, ingress: Verdict): Verdict => {
  if (egress === 'deny' || ingress === 'deny') return 'deny';
  if (egress === 'unknown' || ingress === 'unknown') return 'unknown';
  return 'allow';
};

export const decideSide = (manifests: readonly RawPolicy[], flow: Flow, direction: 'ingress' | 'egress'): Verdict => {
  const subject = direction === 'egress' ? flow.source : flow.target;
  const peer = direction === 'egress' ? flow.target : flow.source;
  let isolated = false;
  let hopeful = false;
  for (const policy of manifests) {
    if (!applies(policy, subject, direction, flow.plugin)) continue;
    // [NP] "A pod is isolated for egress if there is any NetworkPolicy that both selects the pod and has "Egress" in its
    // policyTypes", and likewise for ingress.
    isolated = true;
    // [NP] "the only allowed connections from the pod are those allowed by the egress list of some NetworkPolicy that
    // applies to the pod for egress"; "the connections allowed … is the union of what the applicable policies allow".
    for (const rule of policy.spec?.[direction] ?? []) {
      const answer = ruleAllows(rule, namespaceOf(policy), peer, flow);
      if (answer === 'yes') return 'allow';
      if (answer === 'unknown') hopeful = true;
    }
  }
  // [NP] "By default, a pod is non-isolated for egress; all outbound connections are allowed.", and likewise for ingress.
  if (!isolated) return 'allow';
  return hopeful ? 'unknown' : 'deny';
};

/** A manifest without a namespace lands in the one that kubectl takes by default. */
const namespaceOf = ({ metadata }: RawPolicy): string => metadata.namespace ?? 'default';

export const applies = (policy: RawPolicy, subject: End, direction: 'ingress' | 'egress', plugin: Plugin): boolean => {
  if (!typesOf(policy).includes(direction === 'ingress' ? 'Ingress' : 'Egress')) return false;
  // [API] "An empty selector matches all pods in the policy's namespace."
  if (subject.namespace?.name !== namespaceOf(policy)) return false;
  // [NP] "it ignores hostNetwork pods when matching podSelector"; "This applies when a hostNetwork pod is selected by
  // spec.podSelector."
  if (subject.hostNetwork && plugin === 'sees nodes') return false;
  // [API] "This field is optional. If it is not specified, it defaults to an empty selector."
  return selects(policy.spec?.podSelector ?? {}, subject.labels);
};

/**
 * [NP] "If no policyTypes are specified on a NetworkPolicy then by default Ingress will always be set and Egress will be
 * set if the NetworkPolicy has any egress rules."
 */
const typesOf = ({ spec }: RawPolicy): readonly string[] => {
  if (spec?.policyTypes && spec.policyTypes.length > 0) return spec.policyTypes;
  return spec?.egress && spec.egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
};
