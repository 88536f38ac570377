import type { Labels, Port, World } from '../../src/model/world.ts';
import { familyOf, isInCidr } from './cidr.ts';

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

const knownEnds = new WeakMap<World, Map<string, readonly End[]>>();

/** An end by its name, once for each address that it has or may have. */
export const endsOf = (world: World, name: string): readonly End[] => {
  const known = knownEnds.get(world) ?? new Map<string, readonly End[]>();
  knownEnds.set(world, known);
  const ends = known.get(name) ?? findEnds(world, name);
  known.set(name, ends);
  return ends;
};

const findEnds = (world: World, name: string): readonly End[] => {
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
