import type { ExecOptions, ExecResult } from '../cluster/client.ts';
import type { Port } from '../scenario/index.ts';

/** A destination: a scenario's endpoint where it stands in the cluster. */
export interface Endpoint {
  /** The scenario's name of it: `prod/web`. */
  readonly endpoint: string;
  /** The cluster's name of its namespace, `prod-x7k2a`. */
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  readonly address: string;
  readonly ports: readonly Port[];
}

/** Anything that can run a command and hand back its output: all that probing knows of where a probe starts. */
export interface Source {
  readonly endpoint: string;
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

/** The one container of every pod here. */
export const CONTAINER = 'probe';

/**
 * What a server answers on a TCP port. It names the endpoint by its cluster's name, so that an address that passed to
 * another pod, even one of the same name in a scenario beside this one, is found out.
 */
export const answerOf = ({ namespace, pod }: Pick<Endpoint, 'namespace' | 'pod'>, port: number): string =>
  `${namespace}/${pod}:${port}`;
