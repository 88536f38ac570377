import { createHash } from 'node:crypto';
import type { ExecOptions, ExecResult } from '../kube/index.ts';
import type { Way } from '../model/index.ts';
import { familyOf, type Port, type Probe, portText } from '../scenario/index.ts';

/** A destination: an endpoint of the scenario, with its place in the cluster. */
export type Endpoint = PodEndpoint | HostEndpoint | ServiceEndpoint;

interface Destination {
  /** The scenario's name for it: `prod/web`, `host:office`, `svc:prod/web`. */
  readonly endpoint: string;
  /** IP addresses, at most one per family. */
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
}

export interface PodEndpoint extends Destination {
  /** A node is probed through a pod that shares its network. */
  readonly kind: 'pod' | 'node';
  /** The cluster's name for its namespace, `prod-x7k2a`. */
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Whether it shares the network, and the name, of its node. */
  readonly hostNetwork?: boolean;
  /** The TCP port of its readiness probe, if it has one. */
  readonly readiness?: number;
}

/** A machine outside the cluster. */
export interface HostEndpoint extends Destination {
  readonly kind: 'host';
  /** Docker's name for its container, which its servers give as their answer. */
  readonly container: string;
}

/** One way to a Service. */
export interface ServiceEndpoint extends Destination {
  readonly kind: 'service';
  readonly way: Way;
  /** Used instead of an address. */
  readonly dnsName?: string;
  /** The node whose port is used, for a node port. */
  readonly entry?: string;
  /** Keeps a client at one backend. */
  readonly sticky?: boolean;
  /** Keyed by `80/TCP`. */
  readonly translations: ReadonlyMap<string, Translation>;
}

/** What a port of a Service translates to. */
export interface Translation {
  /** The port to connect to; for a node port not the Service's own. */
  readonly port: number;
  readonly backends: readonly Backend[];
}

export interface Backend extends Pick<PodEndpoint, 'endpoint' | 'namespace' | 'pod' | 'node' | 'hostNetwork'> {
  readonly port: number;
}

export const isService = (endpoint: Endpoint): endpoint is ServiceEndpoint => endpoint.kind === 'service';

export const isHost = (endpoint: Endpoint): endpoint is HostEndpoint => endpoint.kind === 'host';

/** Anything that can run a command and return its output: probing knows nothing else about where a probe starts. */
export interface Source {
  readonly endpoint: string;
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

/** The only container of each pod. */
export const CONTAINER = 'probe';

/** What to connect to, what to ask the server there, and what the right server answers. */
export interface Question {
  /** An IP address or a DNS name. */
  readonly host: string;
  readonly port: number;
  /** For a web server a path without the leading slash; over UDP a command. */
  readonly ask: string;
  /** The right answers, each with the endpoint that gives it. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * What a server answers on a TCP port. It contains the cluster's name for the endpoint. This exposes an address that
 * passed to another pod, even to one with the same name in a concurrent scenario.
 */
export const answerOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>, port: number): string =>
  `${namespace}/${pod}:${port}`;

/**
 * The hostname of a pod that podreach created, which its UDP servers answer with: a DNS label unique to each namespace
 * and pod of the cluster. It is a hash, because the two names together may be longer than a label.
 */
export const hostnameOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>): string =>
  `podreach-${createHash('sha256').update(`${namespace}/${pod}`).digest('hex').slice(0, 32)}`;

/**
 * What a pod's server answers when asked for its hostname. In its node's network it is the node's hostname, which is
 * the node's name or its first label. That is enough there, because a port of a node belongs to one server.
 */
const hostnamesOf = (pod: Pick<PodEndpoint, 'namespace' | 'pod' | 'node' | 'hostNetwork'>): readonly string[] =>
  pod.hostNetwork ? [pod.node, pod.node.split('.')[0] ?? ''] : [hostnameOf(pod)];

const HOSTNAME = 'hostname';

/**
 * The question that makes an endpoint identify itself; the host is empty if it has no address of the probe's family.
 */
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
