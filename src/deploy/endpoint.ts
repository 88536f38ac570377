import type { ExecOptions, ExecResult } from '../cluster/client.ts';
import type { Port } from '../scenario/index.ts';

/** A destination: a scenario's endpoint where it stands. */
export type Endpoint = PodEndpoint | HostEndpoint;

interface Destination {
  /** The scenario's name of it: `prod/web`, `host:office`. */
  readonly endpoint: string;
  readonly address: string;
  readonly ports: readonly Port[];
}

export interface PodEndpoint extends Destination {
  /** The cluster's name of its namespace, `prod-x7k2a`. */
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
}

/** A machine outside the cluster. */
export interface HostEndpoint extends Destination {
  /** Docker's name of its container, which is what its servers answer. */
  readonly container: string;
}

export const isHost = (endpoint: Endpoint): endpoint is HostEndpoint => 'container' in endpoint;

/** Anything that can run a command and hand back its output: all that probing knows of where a probe starts. */
export interface Source {
  readonly endpoint: string;
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

/** The one container of every pod here. */
export const CONTAINER = 'probe';

/** What is asked of a web server, and what the right one answers. */
export interface Question {
  /** Without the slash in front. */
  readonly path: string;
  readonly answer: string;
}

/**
 * What a server answers on a TCP port. It names the endpoint by its cluster's name, so that an address that passed to
 * another pod, even one of the same name in a scenario beside this one, is found out.
 */
export const answerOf = ({ namespace, pod }: Pick<PodEndpoint, 'namespace' | 'pod'>, port: number): string =>
  `${namespace}/${pod}:${port}`;

/** How an endpoint is asked for itself. */
export const questionOf = (endpoint: Endpoint, port: number): Question =>
  isHost(endpoint) ? { path: 'hostname', answer: endpoint.container } : { path: '', answer: answerOf(endpoint, port) };
