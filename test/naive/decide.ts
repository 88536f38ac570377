/**
 * A second opinion on what NetworkPolicies do: a decision procedure straight from the specification, sentence by
 * sentence, that loops over everything and shares no code with the model. The sentences are those of
 * [API] https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/,
 * [NP] https://kubernetes.io/docs/concepts/services-networking/network-policies/,
 * [APISERVER] https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ and
 * [LS] https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/.
 */
import type { Labels, Port, Probe, World } from '../../src/model/world.ts';
import { familyOf, isInCidr, leaveNothingOf } from './cidr.ts';
import type { RawPeer, RawPolicy, RawPort, RawRule, RawSelector } from './manifest.ts';

export type Verdict = 'allow' | 'deny' | 'unknown';

type Answer = 'yes' | 'no' | 'unknown';

/**
 * [NP] "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities": a
 * plugin applies policies to them "just like it does to pod-network pods", or it "ignores hostNetwork pods when matching
 * podSelector and namespaceSelector" and treats their traffic as "traffic to/from the node IP".
 */
type Plugin = 'sees pods' | 'sees nodes';
export const pluginsFor = (source: End, target: End): readonly Plugin[] =>
  source.hostNetwork || target.hostNetwork ? ['sees pods', 'sees nodes'] : ['sees pods'];

/** One end of a connection, under one of the addresses that it may have. */
export interface End {
  /** null outside the cluster. */
  readonly namespace: { readonly name: string; readonly labels: Labels } | null;
  readonly labels: Labels;
  readonly ports: readonly Port[];
  readonly hostNetwork: boolean;
  readonly family: 'IPv4' | 'IPv6';
  /** null where it is not known; then it lies in none of the CIDRs `never`. */
  readonly address: string | null;
  readonly never: readonly string[];
  /** Of a node: the pods that run on it, and those of which that is not known. */
  readonly hosts?: { readonly surely: readonly string[]; readonly perhaps: readonly string[] };
}

/** One connection in one of the ways in which it may happen. */
export interface Flow {
  readonly source: End;
  readonly target: End;
  readonly plugin: Plugin;
  readonly probe: Probe;
}

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

/** [API] "The traffic must match both ports and from." [API] "The traffic must match both ports and to." */
const ruleAllows = (rule: RawRule, policyNamespace: string, peer: End, flow: Flow): Answer => {
  const ports = rule.ports ?? [];
  // [API] "If this field is empty or missing, this rule matches all ports (traffic not restricted by port)."
  // [API] "Each item in this list is combined using a logical OR."
  if (ports.length > 0 && !ports.some((port) => portMatches(port, flow))) return 'no';
  const peers = rule.from ?? rule.to ?? [];
  // [API] "If this field is empty or missing, this rule matches all sources", and likewise all destinations.
  if (peers.length === 0) return 'yes';
  // [API] "Items in this list are combined using a logical OR operation."
  const answers = peers.map((written) => peerMatches(written, policyNamespace, peer, flow.plugin));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
};

const portMatches = ({ protocol, port, endPort }: RawPort, { probe, target, plugin }: Flow): boolean => {
  // [API] "protocol represents the protocol (TCP, UDP, or SCTP) which traffic must match. If not specified, this field
  // defaults to TCP."
  if ((protocol ?? 'TCP') !== probe.protocol) return false;
  // [API] "If this field is not provided, this matches all port names and numbers."
  if (port === undefined || port === null) return true;
  // [API] "endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed"
  if (typeof port === 'number') return port <= probe.port && probe.port <= (endPort ?? port);
  // [NP] "Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP": a node has no
  // names for its ports.
  if (target.hostNetwork && plugin === 'sees nodes') return false;
  // [API] "This can either be a numerical or named port on a pod. … only traffic on the specified protocol AND port will
  // be matched."
  return target.ports.some((own) => own.name === port && own.protocol === probe.protocol && own.number === probe.port);
};

const peerMatches = (written: RawPeer, policyNamespace: string, peer: End, plugin: Plugin): Answer => {
  // [API] "If this field is set then neither of the other fields can be."
  if (written.ipBlock) return blockMatches(written.ipBlock, peer);
  // [API] "podSelector is a label selector which selects pods": what is outside the cluster is no pod.
  if (!peer.namespace) return 'no';
  // [NP] "This applies when a hostNetwork pod is selected by a podSelector or namespaceSelector in an ingress or egress
  // rule."
  if (peer.hostNetwork && plugin === 'sees nodes') return 'no';
  // [API] "Otherwise it selects the pods matching podSelector in the policy's own namespace."
  const isInScope = written.namespaceSelector
    ? selects(written.namespaceSelector, peer.namespace.labels)
    : peer.namespace.name === policyNamespace;
  // [API] "Otherwise it selects all pods in the namespaces selected by namespaceSelector."
  const isMeant = written.podSelector ? selects(written.podSelector, peer.labels) : true;
  // [API] "the NetworkPolicyPeer as a whole selects the pods matching podSelector in the Namespaces selected by
  // NamespaceSelector"
  return isInScope && isMeant ? 'yes' : 'no';
};

/** [API] "The except entry describes CIDRs that should not be included within this rule." */
const blockMatches = ({ cidr, except }: NonNullable<RawPeer['ipBlock']>, { address, family, never }: End): Answer => {
  if (address !== null)
    return isInCidr(address, cidr) && !(except ?? []).some((hole) => isInCidr(address, hole)) ? 'yes' : 'no';
  if (familyOf(cidr) !== family) return 'no';
  if (leaveNothingOf(cidr, [...(except ?? []), ...never])) return 'no';
  return cidr.endsWith('/0') && (except ?? []).every((hole) => leaveNothingOf(hole, never)) ? 'yes' : 'unknown';
};

/** [API] "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects." */
const selects = ({ matchLabels, matchExpressions }: RawSelector, labels: Labels): boolean => {
  const known = new Map(Object.entries(labels));
  for (const [key, value] of Object.entries(matchLabels ?? {})) if (known.get(key) !== value) return false;
  for (const { key, operator, values } of matchExpressions ?? []) {
    const value = known.get(key);
    const isListed = value !== undefined && (values ?? []).includes(value);
    if (operator === 'In' && !isListed) return false;
    // [LS] of notin: it "selects all resources with key equal to tier and values other than frontend and backend, and all
    // resources with no labels with the tier key".
    if (operator === 'NotIn' && isListed) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
};

/** A node is no pod: no selector means it, and its ports have no names. */
export const NODE = { namespace: null, labels: {}, ports: [], hostNetwork: false } as const;

/**
 * [APISERVER] --service-cluster-ip-range "must not overlap with any IP ranges assigned to nodes or pods". Where nobody says
 * what it is, kind's default, of which kubeadm's (10.96.0.0/12) holds the first; but not what somebody has an address in.
 */
export const neverOf = ({ pods, hosts = [], nodes = [], dns, serviceRanges }: World): readonly string[] => {
  const somebody = [...pods, ...hosts, ...nodes, ...(dns?.pods ?? [])].flatMap(({ addresses = [] }) => addresses);
  return (
    serviceRanges ??
    ['10.96.0.0/16', 'fd00:10:96::/112'].filter((cidr) => !somebody.some((address) => isInCidr(address, cidr)))
  );
};

/** An end by its name, once for each address that it has or may have. */
export const endsOf = (world: World, name: string): readonly End[] => {
  const { namespaces, pods, hosts = [], nodes = [], families = ['IPv4'] } = world;
  const never = neverOf(world);
  for (const host of hosts)
    if (`host:${host.name}` === name) {
      const outside = { namespace: null, labels: {}, ports: [], hostNetwork: false };
      return host.addresses.map((address) => ({ ...outside, address, never, family: familyOf(address) }));
    }
  for (const pod of pods) {
    if (`${pod.namespace}/${pod.name}` !== name) continue;
    const own = namespaces.find((namespace) => namespace.name === pod.namespace);
    // [NP] "The Kubernetes control plane sets an immutable label kubernetes.io/metadata.name on all namespaces, the value
    // of the label is the namespace name."
    const labels = { ...own?.labels, 'kubernetes.io/metadata.name': pod.namespace };
    const { labels: podLabels = {}, ports = [], hostNetwork = false, addresses = [] } = pod;
    const end = { namespace: { name: pod.namespace, labels }, labels: podLabels, ports, hostNetwork, never };
    if (addresses.length > 0) return addresses.map((address) => ({ ...end, address, family: familyOf(address) }));
    return families.map((family) => ({ ...end, address: null, family }));
  }
  for (const node of nodes) {
    if (`node:${node.name}` !== name) continue;
    const names = pods.map((pod) => `${pod.namespace}/${pod.name}`);
    const perhaps = names.filter((pod) => !node.pods.includes(pod) && !node.elsewhere.includes(pod));
    const { addresses } = node;
    const ends = addresses
      ? addresses.map((address) => ({ address, never, family: familyOf(address) }))
      : families.map((family) => ({ address: null, never, family }));
    return ends.map((end) => ({ ...NODE, ...end, hosts: { surely: node.pods, perhaps } }));
  }
  throw new RangeError(`there is no ${name} in this world`);
};
