import { type Address, type AddressRange, type Family, parseAddress } from './address.ts';
import { type End, endName, KUBELET } from './end.ts';
import { type Labels, NAME_LABEL, type Port, type World, type WorldNode } from './world.ts';

export interface EndpointNamespace {
  readonly name: string;
  /** Including the label that Kubernetes sets. */
  readonly labels: Labels;
}

/** One end of a connection, as policies see it: behind a Service, that is a pod. */
export type Endpoint = PodEndpoint | OtherEndpoint;

export interface PodEndpoint extends Seen {
  readonly kind: 'pod';
  readonly namespace: EndpointNamespace;
}

/** No policy and no pod selector matches it. */
interface OtherEndpoint extends Seen {
  readonly kind: Exclude<EndpointKind, 'pod'>;
  readonly namespace: null;
}

export type EndpointKind = Exclude<End['kind'], 'service'>;

interface Seen {
  /** As `endName` writes it. */
  readonly name: string;
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

export const isPod = (endpoint: Endpoint): endpoint is PodEndpoint => endpoint.kind === 'pod';

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
      const name = endName({ kind: 'pod', namespace: pod.namespace, name: pod.name });
      const namespace = byName.get(pod.namespace);
      if (!namespace) throw new RangeError(`pod ${name} is in no namespace of this world`);
      const { labels = {}, ports = [], hostNetwork = false } = pod;
      const addresses = pod.addresses?.length ? pod.addresses.map((text) => addressOf(name, text)) : null;
      const known = { addresses, families: familiesOf(addresses) ?? families, never };
      return { kind: 'pod', name, namespace, labels, ports, hostNetwork, ...known };
    }),
    ...hosts.map((host): Endpoint => {
      const name = endName({ kind: 'host', name: host.name });
      const addresses = host.addresses.map((text) => addressOf(name, text));
      const known = { addresses, families: familiesOf(addresses) ?? families, never };
      return { kind: 'host', name, namespace: null, labels: {}, ports: [], hostNetwork: false, ...known };
    }),
  ];
  return endpoints;
};

/** A node as one end of a connection. */
export const nodeEndpoint = (
  { name: own, addresses: texts, pods, elsewhere }: WorldNode,
  known: readonly Family[] = ['IPv4'],
  never: readonly AddressRange[] = NEVER,
): Endpoint => {
  const name = endName({ kind: 'node', name: own });
  const addresses = texts?.map((text) => addressOf(name, text)) ?? null;
  const families = familiesOf(addresses) ?? known;
  const runs = new Map([...elsewhere.map((pod) => [pod, false] as const), ...pods.map((pod) => [pod, true] as const)]);
  return { ...ANY_NODE, name, addresses, families, never, runs };
};

/** Some node about which nothing is known. */
export const ANY_NODE: OtherEndpoint = {
  kind: 'node',
  name: 'a node',
  namespace: null,
  labels: {},
  ports: [],
  addresses: null,
  families: ['IPv4'],
  hostNetwork: false,
  never: NEVER,
};

/** The kubelet as a pod sees it: on the pod's own node. */
export const kubeletOf = (pod: string): Endpoint => ({
  ...ANY_NODE,
  kind: 'kubelet',
  name: KUBELET,
  runs: new Map([[pod, true]]),
});

const addressOf = (name: string, text: string): Address => {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${name} has no IP address ${JSON.stringify(text)}`);
  return address;
};

const familiesOf = (addresses: readonly Address[] | null): readonly Family[] | null =>
  addresses && [...new Set(addresses.map(({ family }) => family))];
