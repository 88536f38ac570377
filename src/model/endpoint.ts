import { type Address, type AddressRange, type Family, parseAddress } from './address.ts';
import { type Labels, NAME_LABEL, type Port, type World, type WorldNode } from './world.ts';

export interface EndpointNamespace {
  readonly name: string;
  /** Including the label that Kubernetes sets. */
  readonly labels: Labels;
}

/** One end of a connection, as policies see it. */
export interface Endpoint {
  /** `prod/web` or `host:office` */
  readonly name: string;
  /** null for a host outside the cluster. */
  readonly namespace: EndpointNamespace | null;
  readonly labels: Labels;
  readonly ports: readonly Port[];
  /** null if not known. */
  readonly addresses: readonly Address[] | null;
  /** The families in which it has addresses, known or not. */
  readonly families: readonly Family[];
  readonly hostNetwork: boolean;
  /** Ranges that can't contain an unknown address: those of Services. */
  readonly never: readonly AddressRange[];
  /** For a node: whether a pod runs on it, by the pod's name; undefined if not known. */
  readonly runs?: ReadonlyMap<string, boolean>;
}

export type PodEndpoint = Endpoint & { readonly namespace: EndpointNamespace };

export const isPod = (endpoint: Endpoint): endpoint is PodEndpoint => endpoint.namespace !== null;

/** One shared list, because answers are cached by its identity. */
const NEVER: readonly AddressRange[] = [];

type Inhabitants = Pick<World, 'namespaces' | 'pods' | 'hosts' | 'families'>;

/** Throws a RangeError for an invalid World: an invalid address, a pod in no namespace. */
export const endpointsOf = (
  { namespaces, pods, hosts = [], families = ['IPv4'] }: Inhabitants,
  never: readonly AddressRange[] = NEVER,
): readonly Endpoint[] => {
  const byName = new Map(
    namespaces.map(({ name, labels }): [string, EndpointNamespace] => [
      name,
      { name, labels: { ...labels, [NAME_LABEL]: name } },
    ]),
  );
  const endpoints = [
    ...pods.map((pod): Endpoint => {
      const name = `${pod.namespace}/${pod.name}`;
      const namespace = byName.get(pod.namespace);
      if (!namespace) throw new RangeError(`pod ${name} is in no namespace of this world`);
      const { labels = {}, ports = [], hostNetwork = false } = pod;
      const addresses = pod.addresses?.length ? pod.addresses.map((text) => addressOf(name, text)) : null;
      const known = { addresses, families: familiesOf(addresses) ?? families, never };
      return { name, namespace, labels, ports, hostNetwork, ...known };
    }),
    ...hosts.map((host): Endpoint => {
      const name = `host:${host.name}`;
      const addresses = host.addresses.map((text) => addressOf(name, text));
      const known = { addresses, families: familiesOf(addresses) ?? families, never };
      return { name, namespace: null, labels: {}, ports: [], hostNetwork: false, ...known };
    }),
  ];
  return endpoints;
};

/** A node as one end of a connection. Like a machine outside, no policy and no pod selector matches it. */
export const nodeEndpoint = (
  { name, addresses: texts, pods, elsewhere }: WorldNode,
  known: readonly Family[] = ['IPv4'],
  never: readonly AddressRange[] = NEVER,
): Endpoint => {
  const addresses = texts?.map((text) => addressOf(`node:${name}`, text)) ?? null;
  const families = familiesOf(addresses) ?? known;
  const runs = new Map([...elsewhere.map((pod) => [pod, false] as const), ...pods.map((pod) => [pod, true] as const)]);
  return { ...ANY_NODE, name: `node:${name}`, addresses, families, never, runs };
};

/** Some node about which nothing is known. */
export const ANY_NODE: Endpoint = {
  name: 'a node',
  namespace: null,
  labels: {},
  ports: [],
  addresses: null,
  families: ['IPv4'],
  hostNetwork: false,
  never: NEVER,
};

/** The source of readiness probes. */
export const KUBELET = 'kubelet';

/** The kubelet as a pod sees it: on the pod's own node. */
export const kubeletOf = (pod: string): Endpoint => ({ ...ANY_NODE, name: KUBELET, runs: new Map([[pod, true]]) });

const addressOf = (name: string, text: string): Address => {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${name} has no IP address ${JSON.stringify(text)}`);
  return address;
};

const familiesOf = (addresses: readonly Address[] | null): readonly Family[] | null =>
  addresses && [...new Set(addresses.map(({ family }) => family))];
