/** What one rule of a policy allows; decide.ts says where the sentences come from. */
import type { Labels } from '../../src/model/world.ts';
import { familyOf, isInCidr, leaveNothingOf } from './cidr.ts';
import type { End } from './ends.ts';
import type { Flow, Plugin } from './flow.ts';
import type { RawPeer, RawPort, RawRule, RawSelector } from './manifest.ts';

type Answer = 'yes' | 'no' | 'unknown';

/** [API] "The traffic must match both ports and from." [API] "The traffic must match both ports and to." */
export const ruleAllows = (rule: RawRule, policyNamespace: string, peer: End, flow: Flow): Answer => {
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
export const selects = ({ matchLabels, matchExpressions }: RawSelector, labels: Labels): boolean => {
  const labelOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  for (const [key, value] of Object.entries(matchLabels ?? {})) if (labelOf(key) !== value) return false;
  for (const { key, operator, values } of matchExpressions ?? []) {
    const value = labelOf(key);
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
