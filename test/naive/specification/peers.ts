import { policyIn, type RawPeer, type RawPolicy } from '../manifest.ts';
import type { Row } from './row.ts';

const ingress = (...from: RawPeer[]): readonly RawPolicy[] => [
  policyIn('prod', { podSelector: {}, ingress: [{ from }] }),
];
const dev = { matchLabels: { environment: 'dev' } };
const client = { matchLabels: { app: 'client' } };

/** Whom a peer of a rule means. */
export const PEERS: readonly Row[] = [
  {
    says: '"If this field is empty or missing, this rule matches all sources"',
    shows: 'from: null',
    policies: [policyIn('prod', { podSelector: {}, ingress: [{ from: null, ports: [{ port: 80 }] }] })],
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'host:cloud > prod/web 80/TCP: allow',
      'dev/client > prod/web 81/TCP: deny',
    ],
  },
  {
    says: '"If this field is empty or missing, this rule matches all sources"',
    shows: 'from: []',
    policies: ingress(),
    cells: ['dev/client > prod/web 80/TCP: allow', 'host:office > prod/web 80/TCP: allow'],
  },
  {
    says: '"If this field is empty or missing, this rule matches all destinations"',
    policies: [
      policyIn('dev', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [], ports: [{ port: 443 }] }] }),
    ],
    cells: [
      'dev/client > host:office 443/TCP: allow',
      'dev/client > prod/db 443/TCP: allow',
      'dev/client > host:office 80/TCP: deny',
    ],
  },
  {
    says: '"Otherwise it selects the pods matching podSelector in the policy\'s own namespace."',
    policies: ingress({ podSelector: {} }),
    cells: [
      'prod/api > prod/web 80/TCP: allow',
      'dev/client > prod/web 80/TCP: deny',
      'host:office > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"Otherwise it selects the pods matching podSelector in the policy\'s own namespace."',
    shows: 'the same label elsewhere does not count',
    policies: ingress({ podSelector: client }),
    cells: ['dev/client > prod/web 80/TCP: deny', 'prod/api > prod/web 80/TCP: deny'],
  },
  {
    says: '"This field follows standard label selector semantics; if present but empty, it selects all namespaces."',
    policies: ingress({ namespaceSelector: {} }),
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'default/job > prod/web 80/TCP: allow',
      'host:office > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"Otherwise it selects all pods in the namespaces selected by namespaceSelector."',
    shows: 'two namespaces with equal labels are both meant',
    policies: ingress({ namespaceSelector: dev }),
    cells: [
      ...['dev/client > prod/web 80/TCP: allow', 'qa/client > prod/web 80/TCP: allow'],
      ...['prod/api > prod/web 80/TCP: deny', 'default/job > prod/web 80/TCP: deny'],
    ],
  },
  {
    says: '"the pods matching podSelector in the Namespaces selected by NamespaceSelector" (one peer: AND)',
    policies: ingress({
      namespaceSelector: { matchLabels: { environment: 'prod' } },
      podSelector: { matchLabels: { app: 'api' } },
    }),
    cells: [
      'prod/api > prod/web 80/TCP: allow',
      'prod/db > prod/web 80/TCP: deny',
      'dev/client > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"contains two elements in the from array, and allows connections from Pods in the local Namespace with the label …, or from any Pod in any namespace with the label …" (two peers: OR)',
    policies: ingress({ namespaceSelector: dev }, { podSelector: { matchLabels: { app: 'api' } } }),
    cells: [
      'prod/api > prod/web 80/TCP: allow',
      'dev/client > prod/web 80/TCP: allow',
      'prod/db > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"present but empty, it selects all pods" beside a namespaceSelector',
    policies: ingress({ namespaceSelector: dev, podSelector: {} }),
    cells: ['qa/client > prod/web 80/TCP: allow', 'prod/api > prod/web 80/TCP: deny'],
  },
  {
    says: 'A null podSelector beside a namespaceSelector is one that is not set.',
    policies: ingress({ namespaceSelector: dev, podSelector: null }),
    cells: ['qa/client > prod/web 80/TCP: allow', 'prod/api > prod/web 80/TCP: deny'],
  },
  {
    says: '"The Kubernetes control plane sets an immutable label kubernetes.io/metadata.name on all namespaces"',
    policies: ingress({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'qa' } } }),
    cells: ['qa/client > prod/web 80/TCP: allow', 'dev/client > prod/web 80/TCP: deny'],
  },
  {
    says: '"the value of the label is the namespace name"',
    shows: 'whatever the manifest claims',
    policies: [
      policyIn('a', {
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } } }] }],
      }),
    ],
    world: {
      namespaces: [{ name: 'a' }, { name: 'b' }, { name: 'c', labels: { 'kubernetes.io/metadata.name': 'b' } }],
      pods: ['a', 'b', 'c'].map((namespace) => ({ namespace, name: 'p' })),
    },
    cells: ['b/p > a/p 80/TCP: allow', 'c/p > a/p 80/TCP: deny'],
  },
  {
    says: '"Each rule allows traffic which matches both the from and ports sections."',
    policies: [
      policyIn('prod', {
        podSelector: {},
        ingress: [
          { from: [{ namespaceSelector: dev }], ports: [{ port: 80 }] },
          { from: [{ podSelector: {} }], ports: [{ port: 81 }] },
        ],
      }),
    ],
    cells: [
      ...['80/TCP: allow', '81/TCP: deny'].map((cell) => `dev/client > prod/web ${cell}`),
      ...['80/TCP: deny', '81/TCP: allow'].map((cell) => `prod/api > prod/web ${cell}`),
    ],
  },
  {
    says: 'A peer that selects nothing lets nothing in, unlike an empty list of peers.',
    policies: ingress({ podSelector: { matchLabels: { app: 'nobody' } } }),
    cells: ['prod/api > prod/web 80/TCP: deny', 'dev/client > prod/web 80/TCP: deny'],
  },
];
