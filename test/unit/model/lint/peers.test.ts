import { describeRows, type Row } from './fixture.ts';
import { cast, from, match } from './labelled-cast.ts';

const undone = (what: string): string =>
  `rule-undone prod/p spec.ingress.0.from.1: ${what} of ingress rule 1 has no effect: the same rule lets the same and perhaps more in; rules add up, so delete or narrow one of the two`;

const rows: readonly Row[] = [
  // What a topology leaves out.
  {
    it: 'kube-system, where no pod of it is known',
    policies: from(
      `[{namespaceSelector: ${match('kubernetes.io/metadata.name: kube-system')}, podSelector: ${match('component: x')}}]`,
    ),
    warns: [],
  },
  {
    it: 'kube-system by a label that it has in no cluster of kubeadm or kind',
    policies: from(`[{namespaceSelector: ${match('name: kube-system')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector name=kube-system selects no namespace with pods; the nearest label is kubernetes.io/metadata.name=kube-system (kube-system)',
    ],
  },
  {
    it: 'the DNS server in any namespace',
    policies: from(`[{namespaceSelector: {}, podSelector: ${match('k8s-app: kube-dns')}}]`),
    warns: [],
  },
  {
    it: 'a DNS server that the topology has under another label',
    pods: { 'kube-system/coredns': { labels: { 'k8s-app': 'dns' } } },
    policies: from(
      `[{namespaceSelector: ${match('kubernetes.io/metadata.name: kube-system')}, podSelector: ${match('k8s-app: kube-dns')}}]`,
    ),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector k8s-app=kube-dns selects no pod of namespace kube-system; the nearest label is k8s-app=dns (kube-system/coredns)',
    ],
  },
  {
    it: 'a podSelector that selects nothing in some of the namespaces that may be kube-system',
    policies: from(
      `[{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [kube-system, prod]}]}, podSelector: ${match('app: zzz')}}]`,
    ),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector app=zzz selects no pod of namespace prod; the nearest label is app=web (prod/web)',
    ],
  },
  {
    it: 'a podSelector that selects nothing in any namespace',
    policies: from(`[{namespaceSelector: {}, podSelector: ${match('role: clint')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector role=clint selects no pod of namespaces prod and dev; the nearest label is role=client (dev/client)',
    ],
  },
  {
    it: 'a namespaceSelector that selects nothing, where the topology has kube-system',
    pods: { 'kube-system/coredns': { labels: { 'k8s-app': 'kube-dns' } } },
    policies: from(`[{namespaceSelector: ${match('env: dve')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector env=dve selects no namespace with pods; the nearest label is env=dev (dev)',
    ],
  },
  // AND and OR.
  {
    it: 'two peers that both do something are left alone',
    policies: from(`[{namespaceSelector: ${match('env: dev')}}, {podSelector: ${match('app: web')}}]`),
    warns: [],
  },
  {
    it: 'a dash too many: the podSelector selects nothing beside the policy',
    policies: from(`[{namespaceSelector: ${match('env: dev')}}, {podSelector: ${match('role: client')}}]`),
    warns: [
      'or-looks-like-and prod/p spec.ingress.0.from.1: namespaceSelector env=dev and podSelector role=client are two peers, which means OR, and podSelector role=client selects no pod of namespace prod; for AND, write both under one dash',
    ],
  },
  {
    it: 'a neighbour with both selectors is no dash too many',
    policies: from(
      `[{namespaceSelector: ${match('env: dev')}, podSelector: ${match('app: web')}}, {podSelector: ${match('role: client')}}]`,
    ),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.1.podSelector: podSelector role=client selects no pod of namespace prod, but dev/client; add a namespaceSelector beside it, under the same dash',
    ],
  },
  {
    it: 'a dash too many, the podSelector first',
    policies: from(`[{podSelector: ${match('role: client')}}, {namespaceSelector: ${match('env: dev')}}]`),
    warns: [
      'or-looks-like-and prod/p spec.ingress.0.from.0: namespaceSelector env=dev and podSelector role=client are two peers, which means OR, and podSelector role=client selects no pod of namespace prod; for AND, write both under one dash',
    ],
  },
  {
    it: 'a dash too many: the namespaceSelector means all pods anyway',
    policies: from(`[{namespaceSelector: {}}, {podSelector: ${match('app: web')}}]`),
    warns: [
      'or-looks-like-and prod/p spec.ingress.0.from.1: namespaceSelector {} and podSelector app=web are two peers, which means OR, and namespaceSelector {} already means every pod of namespace prod; for AND, write both under one dash',
    ],
  },
  {
    it: 'as AND it would select nothing either',
    policies: from(`[{namespaceSelector: ${match('env: dev')}}, {podSelector: ${match('app: dbb')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.1.podSelector: podSelector app=dbb selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
  {
    it: 'a dash too few',
    policies: from(`[{namespaceSelector: ${match('env: dev')}, podSelector: ${match('app: db')}}]`),
    warns: [
      'and-looks-like-or prod/p spec.ingress.0.from.0: namespaceSelector env=dev and podSelector app=db in one peer mean AND, and no pod is both; for OR (podSelector app=db means prod/db) put a dash before each',
    ],
  },
  {
    it: 'a dash too many beside namespaces of which one has the pod',
    policies: from(`[{namespaceSelector: {}}, {podSelector: ${match('role: client')}}]`),
    warns: [
      'or-looks-like-and prod/p spec.ingress.0.from.1: namespaceSelector {} and podSelector role=client are two peers, which means OR, and podSelector role=client selects no pod of namespace prod; for AND, write both under one dash',
    ],
  },
  {
    it: 'a peer with both selectors is no half of another one',
    policies: from(
      `[{namespaceSelector: ${match('env: dev')}}, {namespaceSelector: ${match('env: dev')}, podSelector: ${match('role: client')}}]`,
    ),
    warns: [undone('this peer')],
  },
  {
    it: 'nor is a podSelector that selects every pod',
    policies: from('[{namespaceSelector: {}}, {podSelector: {}}]'),
    warns: [undone('this peer')],
  },
  {
    it: 'a dash too many, of a policy beside which there are no pods',
    policies: {
      'devs/p': `{podSelector: {}, ingress: [{from: [{namespaceSelector: ${match('env: dev')}}, {podSelector: ${match('role: client')}}]}]}`,
    },
    warns: [
      'selects-no-pod devs/p spec.podSelector: podSelector {} selects no pod of namespace devs, which has no pods; set metadata.namespace to where they are',
    ],
  },
];

describeRows('peers', cast, rows);
