import { PodreachError } from '../errors.ts';

/** Nodes that did not enforce policies in time. */
export class LateNodes extends PodreachError {
  readonly nodes: readonly string[];

  /** @param nodes In words: `n1`, or `n1 over IPv6`. */
  constructor(settleMs: number, nodes: readonly string[]) {
    super(`policies are not enforced after ${settleMs / 1000} s on ${nodesText(nodes)}`, {
      hint: `look at the CNI's agent there, for Calico: kubectl -n kube-system logs -l k8s-app=calico-node`,
    });
    this.nodes = nodes;
  }
}

export const nodesText = (nodes: readonly string[]): string =>
  `${nodes.length === 1 ? 'node' : 'nodes'} ${nodes.join(', ')}`;
