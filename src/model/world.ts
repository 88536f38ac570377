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

/** A Service: policies never see its address, only those of its backends (see `routesOf`). */
export interface WorldService {
  readonly namespace: string;
  readonly name: string;
  /** Pods of its namespace with these labels are its backends. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** `Local`: who comes by a node port keeps his address, and meets only backends on the node that he came to. */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** Its name stands for the addresses of its backends: nothing is translated. */
  readonly headless?: boolean;
}

/** `number` is what clients connect to; `target` the backends' port, or its name, which each backend has for itself. */
export interface ServicePort extends Port {
  readonly target: number | string;
}

/** A node of the cluster, as what runs on it outside of any pod's network. */
export interface WorldNode {
  readonly name: string;
  /** Unknown where not given. */
  readonly addresses?: readonly string[];
  /** The pods that surely run on it, by `namespace/name`, and those that surely don't. */
  readonly pods: readonly string[];
  readonly elsewhere: readonly string[];
}

/** The cluster's DNS servers, which pods ask for names. */
export interface WorldDns {
  readonly namespace: WorldNamespace;
  /** Empty where nobody knows which pods they are: then a lookup that policies restrict is `unknown`. */
  readonly pods: readonly Omit<WorldPod, 'namespace'>[];
  /** The families that lookups use, for servers without addresses; those of the source where not given. */
  readonly families?: readonly Family[];
}

export interface World {
  /** The families that pods have addresses of; IPv4 where not given. */
  readonly families?: readonly Family[];
  /**
   * Where not given: the pods `k8s-app=kube-dns` of a namespace kube-system of this world, or else a server as kubeadm and
   * kind install it.
   */
  readonly dns?: WorldDns;
  /**
   * The CIDRs that Services get their addresses from: no pod and no node has one of those. Where not given: what the
   * defaults of kubeadm and kind have in common, unless an address of this world lies in it.
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
 * One connection to a port number. From `namespace/pod`, `host:name`, `node:name` or `kubelet` (that of the destination's
 * node); to one of the first three or to a Service:
 * `svc:namespace/name` by its address, `dns:…` by its name, `nodeport:…` by a node's address and the Service's port there.
 */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** Given where the cluster has two. */
  readonly family?: Family;
}

export const NAME_LABEL = 'kubernetes.io/metadata.name';
