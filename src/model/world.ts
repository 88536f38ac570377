/** What the model knows about a cluster. It looks nothing up: what is not given is not known. */
import type { Family } from './address.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export type Labels = Readonly<Record<string, string>>;

/** A port that a pod declares; policies may refer to it by the name. */
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
  /** IPv4 and IPv6 addresses. Without any, the model says `unknown` where the answer depends on an ipBlock. */
  readonly addresses?: readonly string[];
  /** Shares its node's network: the specification leaves undefined what policies do to it. */
  readonly hostNetwork?: boolean;
}

/** A machine outside the cluster: no policy selects it, and only an ipBlock, or a rule without peers, lets it in. */
export interface WorldHost {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** A Service: policies never see its address, only those of its backends (see `routesOf`). */
export interface WorldService {
  readonly namespace: string;
  readonly name: string;
  /** Pods of its namespace, or of `podsIn`, with these labels are its backends. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /**
   * `Local`: a caller that uses a node port keeps its address, and reaches only backends on the node that it called.
   */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Its name resolves to the addresses of its backends: nothing is translated. */
  readonly headless?: boolean;
  /** The namespace of its backends, if it is another name of a Service there (`ExternalName`). */
  readonly podsIn?: string;
  /** A client keeps the backend that it got first: `sessionAffinity: ClientIP`. */
  readonly sticky?: boolean;
}

/**
 * `number` is the port that clients connect to; `target` is the backends' port, or a name that each backend resolves
 * for itself.
 */
export interface ServicePort extends Port {
  readonly target: number | string;
}

/** A node of the cluster: what runs on it outside of any pod's network. */
export interface WorldNode {
  readonly name: string;
  /** Unknown if not given. */
  readonly addresses?: readonly string[];
  /** The pods that surely run on it, by `namespace/name`, and those that surely don't. */
  readonly pods: readonly string[];
  readonly elsewhere: readonly string[];
}

/** The cluster's DNS servers. */
export interface WorldDns {
  readonly namespace: WorldNamespace;
  /** Empty if the servers' pods are unknown: a lookup that policies restrict is then `unknown`. */
  readonly pods: readonly Omit<WorldPod, 'namespace'>[];
  /** The families that lookups use, for servers without addresses; default: the source's. */
  readonly families?: readonly Family[];
}

export interface World {
  /** The families in which pods have addresses; default: IPv4. */
  readonly families?: readonly Family[];
  /**
   * Default: the pods `k8s-app=kube-dns` in a namespace kube-system of this world, otherwise a server as kubeadm and
   * kind install it.
   */
  readonly dns?: WorldDns;
  /**
   * The CIDRs that Services get their addresses from; no pod and no node has an address in them. Default: what the
   * defaults of kubeadm and kind have in common, unless a range contains an address of this world.
   */
  readonly serviceRanges?: readonly string[];
  readonly namespaces: readonly WorldNamespace[];
  /** Each in one of the namespaces. */
  readonly pods: readonly WorldPod[];
  readonly hosts?: readonly WorldHost[];
  readonly services?: readonly WorldService[];
  readonly nodes?: readonly WorldNode[];
}

/**
 * One connection to a port number. From `namespace/pod`, `host:name`, `node:name` or `kubelet` (that of the
 * destination's node). To one of the first three or to a Service: `svc:namespace/name` by its address, `dns:…` by its
 * name, `nodeport:…` by a node's address and the Service's port there, `external:…` by the address of its load balancer
 * or an externalIP, which is not known.
 */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Given if the cluster has two. */
  readonly family?: Family;
}

export const NAME_LABEL = 'kubernetes.io/metadata.name';
