import { endName, type Labels, NAME_LABEL, type NetworkPolicy, type Port, peersOf, rulesOf } from '../model/index.ts';
import type { Host, Namespace, Pod, Topology } from '../scenario/index.ts';
import { edgesOf } from './block-edges.ts';
import { isEqual, variantsOf } from './label-variants.ts';
import { OTHER_PROTOCOL } from './mutant.ts';

/** An end that the scenario lacks. */
export type Newcomer =
  | {
      readonly kind: 'pod';
      readonly labels: Labels;
      readonly namespace: { readonly name: string | null; readonly labels: Labels };
    }
  | { readonly kind: 'host'; readonly address: string };

/** The topology of a step, and beside it the ends and ports that its policies' mistakes would show at. */
export interface Stage {
  readonly topology: Topology;
  /** By endpoint. */
  readonly newcomers: ReadonlyMap<string, Newcomer>;
  /** The ports that cells may go to, whoever declares them. */
  readonly ports: readonly Port[];
}

const NEWCOMERS_AT_MOST = 400;

/**
 * Candidates are made from what the policies say: pods with the labels that a selector asks for, and with all but one of
 * them, in namespaces made in the same way; hosts at both sides of the edges of each block; the ports beside those that
 * are named.
 */
export const stageOf = ({ namespaces, hosts, ...rest }: Topology, policies: readonly NetworkPolicy[]): Stage => {
  const newcomers = new Map<string, Newcomer>();
  const all = new Map<string, Namespace & { pods: Pod[] }>(
    namespaces.map((one) => [one.name, { ...one, pods: [...one.pods] }]),
  );
  const isNew = new Set<string>();
  const freshNamespace = (labels: Labels, name = `new-${isNew.size + 1}`): string => {
    isNew.add(name);
    all.set(name, { name, labels, pods: [] });
    return name;
  };
  const namespaceLike = (labels: Labels): string => {
    const { [NAME_LABEL]: name, ...others } = labels;
    const known = [...all.values()].find(
      (one) => one.name === name || (name === undefined && isEqual(one.labels, others)),
    );
    return known ? known.name : freshNamespace(others, name);
  };
  const ports = portsOf(namespaces, policies);
  const named = ports.filter(({ name }) => name !== undefined);
  const addPod = (namespace: string, labels: Labels): void => {
    const home = all.get(namespace);
    if (!home || newcomers.size >= NEWCOMERS_AT_MOST || home.pods.some((pod) => isEqual(pod.labels, labels))) return;
    const name = `new-${home.pods.length + 1}`;
    const endpoint = `${namespace}/${name}`;
    home.pods.push({ endpoint, namespace, name, labels, ports: named });
    const where = { name: isNew.has(namespace) ? null : namespace, labels: home.labels };
    newcomers.set(endpoint, { kind: 'pod', labels, namespace: where });
  };
  // From elsewhere, without anything that a selector asks for.
  if (namespaces.length === 1) addPod(freshNamespace({}), {});
  for (const [home, labels] of policies.flatMap((policy) => [...podsBeside(policy)]))
    addPod(typeof home === 'string' ? home : namespaceLike(home), labels);
  const fresh = hostsBeside(hosts, policies);
  for (const { endpoint, addresses } of fresh) newcomers.set(endpoint, { kind: 'host', address: addresses[0] ?? '' });
  return { topology: { ...rest, namespaces: [...all.values()], hosts: [...hosts, ...fresh] }, newcomers, ports };
};

/** Labels that a policy selects, or almost, each in a namespace with this name, or these labels. */
function* podsBeside(policy: NetworkPolicy): Generator<readonly [home: string | Labels, labels: Labels]> {
  for (const labels of variantsOf(policy.pods)) yield [policy.namespace, labels];
  for (const peer of allPeersOf(policy)) {
    if (peer.kind !== 'pods') continue;
    const homes = peer.namespaces ? [...variantsOf(peer.namespaces)] : [];
    for (const home of [policy.namespace, ...homes]) for (const labels of variantsOf(peer.pods)) yield [home, labels];
  }
}

/** At both sides of the edges of each block. */
const hostsBeside = (hosts: readonly Host[], policies: readonly NetworkPolicy[]): readonly Host[] => {
  const known = new Set(hosts.flatMap(({ addresses }) => addresses));
  const edges = policies.flatMap(allPeersOf).flatMap((peer) => (peer.kind === 'block' ? edgesOf(peer) : []));
  return [...new Set(edges)]
    .filter((address) => !known.has(address))
    .map((address, at) => {
      const name = `new-${at + 1}`;
      return { endpoint: endName({ kind: 'host', name }), name, addresses: [address], ports: [] };
    });
};

const allPeersOf = (policy: NetworkPolicy) => rulesOf(policy).flatMap(peersOf);

const MOST_PORT = 65_535;
/** One that hardly any rule names. */
const ODD_PORT = 7;

const portsOf = (namespaces: readonly Namespace[], policies: readonly NetworkPolicy[]): readonly Port[] => {
  const declared = namespaces.flatMap(({ pods }) => pods.flatMap(({ ports }) => ports));
  const beside = policies.flatMap(rulesOf).flatMap(({ ports }) =>
    (ports ?? []).flatMap((port) => {
      const edges = 'name' in port ? [] : [port.first - 1, port.first, port.last, port.last + 1];
      return [port.protocol, OTHER_PROTOCOL[port.protocol]].flatMap((protocol) =>
        [...edges, ODD_PORT]
          .filter((number) => number > 0 && number <= MOST_PORT)
          .map((number): Port => ({ number, protocol })),
      );
    }),
  );
  const odd: readonly Port[] = [{ number: ODD_PORT, protocol: 'TCP' }];
  return [
    ...new Map(
      [...declared, ...beside, ...odd, ...declared].map((port) => [`${port.number}/${port.protocol}`, port]),
    ).values(),
  ];
};
