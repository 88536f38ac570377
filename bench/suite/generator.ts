import type { Manifest } from '../../src/kube/index.ts';

/** One step of the suite: a world of nine pods under these policies. */
export interface SuiteStep {
  readonly name: string;
  readonly policies: readonly Manifest[];
}

const NAMESPACES = ['x', 'y', 'z'];
const PODS = ['a', 'b', 'c'];
const PORTS = [
  { number: 80, name: 'serve-80-tcp', protocol: 'TCP' },
  { number: 81, name: 'serve-81-tcp', protocol: 'TCP' },
  { number: 80, name: 'serve-80-udp', protocol: 'UDP' },
  { number: 81, name: 'serve-81-udp', protocol: 'UDP' },
];

/** Nine pods in three namespaces, each with two ports of two protocols: 324 cells. */
export const suiteTopology = (): object => ({
  namespaces: Object.fromEntries(
    NAMESPACES.map((namespace) => [
      namespace,
      {
        labels: { ns: namespace },
        pods: Object.fromEntries(
          PODS.map((pod) => [
            pod,
            { labels: { pod }, ports: PORTS.map(({ number, name, protocol }) => ({ port: number, name, protocol })) },
          ]),
        ),
      },
    ]),
  ),
});

type Direction = 'ingress' | 'egress';
const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

const PEERS: Readonly<Record<string, readonly object[]>> = {
  'all-peers': [],
  'pods-of-its-namespace': [{ podSelector: {} }],
  'pods-by-label': [{ podSelector: { matchLabels: { pod: 'b' } } }],
  'namespaces-by-label': [{ namespaceSelector: { matchLabels: { ns: 'y' } } }],
  'pods-in-namespaces': [
    {
      namespaceSelector: { matchExpressions: [{ key: 'ns', operator: 'In', values: ['y', 'z'] }] },
      podSelector: { matchLabels: { pod: 'c' } },
    },
  ],
  'pods-or-namespaces': [
    { podSelector: { matchLabels: { pod: 'b' } } },
    { namespaceSelector: { matchLabels: { ns: 'z' } } },
  ],
  'every-address': [{ ipBlock: { cidr: '0.0.0.0/0' } }],
  'addresses-with-exceptions': [
    { ipBlock: { cidr: '192.168.0.0/16', except: ['192.168.0.0/18', '192.168.192.0/18'] } },
  ],
};

const RULE_PORTS: Readonly<Record<string, readonly object[]>> = {
  'all-ports': [],
  'tcp-80': [{ protocol: 'TCP', port: 80 }],
  'udp-81': [{ protocol: 'UDP', port: 81 }],
  'a-named-port': [{ protocol: 'TCP', port: 'serve-81-tcp' }],
  'a-protocol': [{ protocol: 'UDP' }],
  'a-range': [{ protocol: 'TCP', port: 80, endPort: 81 }],
  'two-protocols': [
    { protocol: 'TCP', port: 81 },
    { protocol: 'UDP', port: 80 },
  ],
  'another-port': [{ protocol: 'TCP', port: 82 }],
};

const policyOf = (name: string, namespace: string, spec: object): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

const ruleFor = (direction: Direction, peers: readonly object[], ports: readonly object[]): object => ({
  ...(peers.length > 0 && { [direction === 'ingress' ? 'from' : 'to']: peers }),
  ...(ports.length > 0 && { ports }),
});

const typeOf = (direction: Direction): string => (direction === 'ingress' ? 'Ingress' : 'Egress');

const deny = (direction: Direction): Manifest =>
  policyOf('deny', 'x', { podSelector: {}, policyTypes: [typeOf(direction)], [direction]: [] });

/**
 * 256 steps: each direction, kind of peer and kind of port, once on one pod alone and once beside a policy that denies
 * its whole namespace.
 */
export const suiteSteps = (): readonly SuiteStep[] =>
  DIRECTIONS.flatMap((direction) =>
    Object.entries(PEERS).flatMap(([peerName, peers]) =>
      Object.entries(RULE_PORTS).flatMap(([portName, ports]) => {
        const name = `${direction}-${peerName}-${portName}`;
        const allow = policyOf('allow', 'x', {
          podSelector: { matchLabels: { pod: 'a' } },
          policyTypes: [typeOf(direction)],
          [direction]: [ruleFor(direction, peers, ports)],
        });
        return [
          { name, policies: [allow] },
          { name: `${name}-in-a-closed-namespace`, policies: [allow, deny(direction)] },
        ];
      }),
    ),
  );
