import type { Manifest } from '../kube/index.ts';

/** The label by which a canary's own policy, and no other, selects it. */
export const POST_LABEL = 'podreach/canary';
/** The label that counts the rounds, on the prober and on its namespace. */
export const TURN_LABEL = 'podreach/turn';

/** Always open to everyone, to check the paths between nodes. */
export const OPEN_PORT = 8000;
/** A canary's policy admits one of these at a time, in rotation. */
export const POST_PORTS: readonly number[] = [8001, 8002, 8003, 8004, 8005, 8006, 8007, 8008];

/** The port that a canary's policy admits after this many changes. */
export const portOf = (changes: number): number => POST_PORTS[changes % POST_PORTS.length] as number;

/** The policy of one canary: it admits one port, and only from a pod and a namespace labelled with this turn. */
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

/** The patch that labels a pod or a namespace with a turn. */
export const markTurn = (turn: number): object => ({ metadata: { labels: { [TURN_LABEL]: String(turn) } } });
