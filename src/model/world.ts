/** What the model is told of a cluster. Nothing in it is looked up: what is not given is not known. */
import type { Family } from './address.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export type Labels = Readonly<Record<string, string>>;

/** A port that a pod declares; the name is what policies may call it. */
export interface Port {
  readonly number: number;
  readonly protocol: Protocol;
  readonly name?: string;
}

/** `kubernetes.io/metadata.name` need not be among the labels: Kubernetes sets it to the name, and so does the model. */
export interface WorldNamespace {
  readonly name: string;
  readonly labels?: Labels;
}

export interface WorldPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Labels;
  readonly ports?: readonly Port[];
  /** IPv4 and IPv6 addresses. Without any the model says `unknown` where the answer hangs on an ipBlock. */
  readonly addresses?: readonly string[];
  /** Shares its node's network: the specification leaves open what policies do to it. */
  readonly hostNetwork?: boolean;
}

/** A machine outside the cluster: no policy selects it, and only an ipBlock, or a rule without peers, lets it in. */
export interface WorldHost {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface World {
  /** The families that pods have addresses of; IPv4 where not given. */
  readonly families?: readonly Family[];
  readonly namespaces: readonly WorldNamespace[];
  /** Each in one of the namespaces. */
  readonly pods: readonly WorldPod[];
  readonly hosts?: readonly WorldHost[];
}

/** One connection: between endpoints named `namespace/pod` or `host:name`, to a port number. */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export const NAME_LABEL = 'kubernetes.io/metadata.name';
