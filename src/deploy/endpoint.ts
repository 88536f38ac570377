import type { ExecOptions, ExecResult } from '../cluster/client.ts';
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

export interface Backend {
  /** The scenario's name of the pod. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly pod: string;
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

/** What is connected to, what is asked of a web server there, and what the right one answers. */
export interface Question {
  /** An IP address or a DNS name. */
  readonly host: string;
  readonly port: number;
  /** Without the slash in front. */
  readonly path: string;
  /** The right answers, each with the endpoint that gives it. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * What a server answers on a TCP port. It names the endpoint by its cluster's name, so that an address that passed to
 * another pod, even one of the same name in a scenario beside this one, is found out.
 */
export const answerOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>, port: number): string =>
  `${namespace}/${pod}:${port}`;

/** How an endpoint is asked for itself; the host is empty where it has no address of the probe's family. */
export const questionOf = (endpoint: Endpoint, { port, protocol, family }: Omit<Probe, 'from' | 'to'>): Question => {
  const address = endpoint.addresses.find((one) => family === undefined || familyOf(one) === family) ?? '';
  if (isService(endpoint)) {
    const translation = endpoint.translations.get(portText({ number: port, protocol }));
    const answers = (translation?.backends ?? []).map((backend) => [answerOf(backend, backend.port), backend.endpoint]);
    const host = endpoint.dnsName ?? address;
    return { host, port: translation?.port ?? port, path: '', answers: new Map(answers as [string, string][]) };
  }
  const [path, answer] = isHost(endpoint) ? ['hostname', endpoint.container] : ['', answerOf(endpoint, port)];
  return { host: address, port, path, answers: new Map([[answer, endpoint.endpoint]]) };
};
