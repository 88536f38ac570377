import type { Manifest } from '../cluster/client.ts';

/** Names a canary on its pod, for its policy alone to select it. */
export const POST_LABEL = 'podreach/canary';
/** Says on the prober and on its namespace how many rounds there were. */
export const TURN_LABEL = 'podreach/turn';

/** Always admitted, from anywhere: by it the paths between nodes are watched, and the kubelet asks for it. */
export const OPEN_PORT = 8000;
/** Of these a canary's policy admits one at a time, each in its turn. */
export const POST_PORTS: readonly number[] = [8001, 8002, 8003, 8004, 8005, 8006, 8007, 8008];

/** The port that a canary's policy admits after so many changes of it. */
export const portOf = (changes: number): number => POST_PORTS[changes % POST_PORTS.length] as number;

/** The policy of one canary: it admits one port, and only from a pod and a namespace that are marked with this turn. */
export const admitOnly = (canary: string, namespace: string, port: number, turn: number): Manifest => {
  const marked = { matchLabels: { [TURN_LABEL]: String(turn) } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: canary, namespace },
    spec: {
      podSelector: { matchLabels: { [POST_LABEL]: canary } },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: marked, namespaceSelector: marked }], ports: [{ protocol: 'TCP', port }] },
        { ports: [{ protocol: 'TCP', port: OPEN_PORT }] },
      ],
    },
  };
};

/** The body that marks an object, pod or namespace, with a turn. */
export const markTurn = (turn: number): object => ({ metadata: { labels: { [TURN_LABEL]: String(turn) } } });
