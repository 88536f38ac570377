const NAMESPACES = 10;
const PODS = 500;
const PORTS = [8000, 8001, 8002, 8003];

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: close, namespace: ns-1}
spec: {podSelector: {matchLabels: {app: app-1}}, ingress: [{from: [{podSelector: {}}]}]}
`;

/** The files of a scenario of 500 pods with four ports each, by path: a million cells. */
export const millionCells = (expectation: string): Readonly<Record<string, string>> => ({
  'policies/close.yaml': POLICY,
  'scenario.yaml': [
    `expect: ${expectation}`,
    'namespaces:',
    ...Array.from({ length: NAMESPACES }, (_, namespace) => [
      `  ns-${namespace}:`,
      '    pods:',
      ...Array.from(
        { length: PODS / NAMESPACES },
        (_, pod) => `      pod-${pod}: {labels: {app: app-${pod % 7}}, ports: [${PORTS}]}`,
      ),
    ]).flat(),
    '',
  ].join('\n'),
});
