/** What a connection may start from or go to. */
export type End =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  /** A machine outside the cluster, or a node of it. */
  | { readonly kind: 'host' | 'node'; readonly name: string }
  | { readonly kind: 'service'; readonly way: Way; readonly namespace: string; readonly name: string }
  /** The source of readiness probes: that of the destination's node. */
  | { readonly kind: 'kubelet' };

/**
 * How a Service is reached: by its address, by its name, by a node's address and the Service's port there, or by an
 * address outside the cluster's ranges, that of a load balancer or one of its externalIPs.
 */
export type Way = 'svc' | 'dns' | 'nodeport' | 'external';

export const WAYS: readonly Way[] = ['svc', 'dns', 'nodeport', 'external'];

export const KUBELET = 'kubelet';

/**
 * The name by which users and results know an end: `prod/web`, `host:office`, `node:own`, `svc:prod/web`, `kubelet`. It
 * identifies the end and is never parsed: to learn what a name stands for, look it up among the ends that there are.
 */
export const endName = (end: End): string => {
  switch (end.kind) {
    case 'pod':
      return `${end.namespace}/${end.name}`;
    case 'service':
      return `${end.way}:${end.namespace}/${end.name}`;
    case 'kubelet':
      return KUBELET;
    default:
      return `${end.kind}:${end.name}`;
  }
};
