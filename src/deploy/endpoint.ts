import { createHash } from 'node:crypto';
import type { ExecOptions, ExecResult } from '../kube/index.ts';
import { familyOf, type Port, type Probe, portText } from '../scenario/index.ts';

/** A destination: a scenario's endpoint where it stands. */
export type Endpoint = PodEndpoint | HostEndpoint | ServiceEndpoint;

interface Destination {
  /** The scenario's name of it: `prod/web`, `host:office`, `svc:prod/web`. */
  readonly endpoint: string;
  /** IP addresses, at most one of each family. */
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
}

export interface PodEndpoint extends Destination {
  /** The cluster's name of its namespace, `prod-x7k2a`. */
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Whether it shares the network, and the name, of its node. */
  readonly hostNetwork?: boolean;
  /** The TCP port by which the kubelet tells whether it is ready, where it does. */
  readonly readiness?: number;
}

/** A machine outside the cluster. */
export interface HostEndpoint extends Destination {
  /** Docker's name of its container, which is what its servers answer. */
  readonly container: string;
}

/** One way to a Service. */
export interface ServiceEndpoint extends Destination {
  /** By its own address, by its DNS name, or by a port of a node. */
  readonly way: 'svc' | 'dns' | 'nodeport';
  /** By which it is reached in place of an address. */
  readonly dnsName?: string;
  /** The node by whose port it is entered, where it is one. */
  readonly entry?: string;
  /** By `80/TCP`. */
  readonly translations: ReadonlyMap<string, Translation>;
}

/** What becomes of a port of a Service. */
export interface Translation {
  /** What is connected to; another than the Service's own port where that is a node's. */
  readonly port: number;
  readonly backends: readonly Backend[];
}

export interface Backend extends Pick<PodEndpoint, 'endpoint' | 'namespace' | 'pod' | 'node' | 'hostNetwork'> {
  readonly port: number;
}

export const isService = (endpoint: Endpoint): endpoint is ServiceEndpoint => 'translations' in endpoint;

export const isHost = (endpoint: Endpoint): endpoint is HostEndpoint => 'container' in endpoint;

/** Anything that can run a command and hand back its output: all that probing knows of where a probe starts. */
export interface Source {
  readonly endpoint: string;
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

/** The one container of every pod here. */
export const CONTAINER = 'probe';

/** What is connected to, what is asked of the server there, and what the right one answers. */
export interface Question {
  /** An IP address or a DNS name. */
  readonly host: string;
  readonly port: number;
  /** Of a web server a path, without the slash in front; over UDP a command. */
  readonly ask: string;
  /** The right answers, each with the endpoint that gives it. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * What a server answers on a TCP port. It names the endpoint by its cluster's name, so that an address that passed to
 * another pod, even one of the same name in a scenario beside this one, is found out.
 */
export const answerOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>, port: number): string =>
  `${namespace}/${pod}:${port}`;

/**
 * The hostname of a pod of ours, which its UDP servers answer with: a DNS label of its own for every namespace and pod
 * of the cluster. A hash, because the two names together may be longer than a label.
 */
export const hostnameOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>): string =>
  `podreach-${createHash('sha256').update(`${namespace}/${pod}`).digest('hex').slice(0, 32)}`;

/**
 * What a pod's server answers when it is asked for its hostname: in the network of its node the node's, which is the
 * node's name, or the first label of it. That is enough there: a node's port is one server's alone.
 */
const hostnamesOf = (pod: Pick<PodEndpoint, 'namespace' | 'pod' | 'node' | 'hostNetwork'>): readonly string[] =>
  pod.hostNetwork ? [pod.node, pod.node.split('.')[0] ?? ''] : [hostnameOf(pod)];

const HOSTNAME = 'hostname';

/** How an endpoint is asked for itself; the host is empty where it has no address of the probe's family. */
export const questionOf = (endpoint: Endpoint, { port, protocol, family }: Omit<Probe, 'from' | 'to'>): Question => {
  const address = endpoint.addresses.find((one) => family === undefined || familyOf(one) === family) ?? '';
  const answersOf = (pod: Omit<Backend, 'port'>, at: number): readonly string[] =>
    protocol === 'UDP' ? hostnamesOf(pod) : [answerOf(pod, at)];
  const ask = protocol === 'UDP' ? HOSTNAME : '';
  if (isHost(endpoint)) {
    return { host: address, port, ask: HOSTNAME, answers: new Map([[endpoint.container, endpoint.endpoint]]) };
  }
  if (!isService(endpoint)) {
    const answers = answersOf(endpoint, port).map((answer) => [answer, endpoint.endpoint] as const);
    return { host: address, port, ask, answers: new Map(answers) };
  }
  const { port: entered = port, backends = [] } = endpoint.translations.get(portText({ number: port, protocol })) ?? {};
  const answers = backends.flatMap((one) => answersOf(one, one.port).map((answer) => [answer, one.endpoint] as const));
  return { host: endpoint.dnsName ?? address, port: entered, ask, answers: new Map(answers) };
};
