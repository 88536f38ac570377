import { expect } from 'chai';
import { type Cast, type Row, warningsOf } from './fixture.ts';

const cast: Cast = {
  namespaces: { prod: { env: 'prod' }, dev: { env: 'dev' }, devs: {} },
  pods: {
    'prod/web': { labels: { app: 'web', tier: 'bag' } },
    'prod/db': { labels: { app: 'db', tier: 'back' } },
    'dev/web': { labels: { app: 'web' } },
    'dev/client': { labels: { role: 'client' } },
  },
};
const from = (peers: string): Row['policies'] => ({ 'prod/p': `{podSelector: {}, ingress: [{from: ${peers}}]}` });
const match = (label: string): string => `{matchLabels: {${label}}}`;

const rows: readonly Row[] = [
  // The selector of the policy.
  {
    it: 'a selector that selects a pod',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: web}}}' },
    warns: [],
  },
  { it: 'an empty selector', policies: { 'prod/p': '{podSelector: {}}' }, warns: [] },
  {
    it: 'a misspelt value',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: wbe}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app=wbe selects no pod of namespace prod; the nearest label is app=web (prod/web)',
    ],
  },
  {
    it: 'a misspelt key, by its value',
    policies: { 'prod/p': '{podSelector: {matchLabels: {name: db}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector name=db selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
  {
    it: 'labels that no pod has together',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: web, tier: back}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app=web,tier=back selects no pod of namespace prod; prod/web comes nearest, with tier=bag',
    ],
  },
  {
    it: 'the pod that misses fewest, though others have a label as near',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: wb, tier: back}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app=wb,tier=back selects no pod of namespace prod; prod/db comes nearest, with app=db',
    ],
  },
  {
    it: 'a pod that an expression rules out',
    policies: { 'prod/p': '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web, db]}]}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app notin (web,db) selects no pod of namespace prod; the label app=web rules prod/web out',
    ],
  },
  {
    it: 'a namespace without pods',
    policies: { 'devs/p': '{podSelector: {}}' },
    warns: [
      'selects-no-pod devs/p spec.podSelector: podSelector {} selects no pod of namespace devs, which has no pods; set metadata.namespace to where they are',
    ],
  },
  {
    it: 'pods of another namespace',
    policies: { 'dev/p': '{podSelector: {matchLabels: {app: db}}}' },
    warns: [
      'other-namespace dev/p metadata.namespace: podSelector app=db selects no pod of namespace dev, but prod/db; a policy acts in its own namespace only: set metadata.namespace',
    ],
  },
  {
    it: 'what only a negation selects elsewhere is not meant',
    policies: {
      'dev/p':
        '{podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [client]}, {key: app, operator: DoesNotExist}]}}',
    },
    warns: [
      'selects-no-pod dev/p spec.podSelector: podSelector role notin (client),!app selects no pod of namespace dev; the label app=web rules dev/web out',
    ],
  },
  {
    it: 'peers beside a policy that is misplaced are not told too',
    policies: {
      'dev/p': `{podSelector: ${match('app: db')}, ingress: [{from: [{podSelector: ${match('tier: bag')}}]}]}`,
    },
    warns: [
      'other-namespace dev/p metadata.namespace: podSelector app=db selects no pod of namespace dev, but prod/db; a policy acts in its own namespace only: set metadata.namespace',
    ],
  },
  // Rules without effect.
  {
    it: 'egress rules that policyTypes leaves out',
    policies: { 'prod/p': '{podSelector: {}, policyTypes: [Ingress], egress: [{}]}' },
    warns: [
      'idle-rules prod/p spec.egress: these egress rules have no effect: policyTypes leaves Egress out; add it there, or delete them',
    ],
  },
  {
    it: 'ingress rules that policyTypes leaves out',
    policies: { 'prod/p': '{podSelector: {}, policyTypes: [Egress], ingress: [{}]}' },
    warns: [
      'idle-rules prod/p spec.ingress: these ingress rules have no effect: policyTypes leaves Ingress out; add it there, or delete them',
    ],
  },
  { it: 'egress rules without policyTypes', policies: { 'prod/p': '{podSelector: {}, egress: [{}]}' }, warns: [] },
  // Peers.
  {
    it: 'peers that select pods',
    policies: from(`[{podSelector: {}}, {namespaceSelector: ${match('env: dev')}}]`),
    warns: [],
  },
  {
    it: 'a podSelector that selects nothing beside the policy',
    policies: from(`[{podSelector: ${match('app: dbb')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector app=dbb selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
  {
    it: 'a podSelector without the namespaceSelector that it needs',
    policies: from(`[{podSelector: ${match('role: client')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector role=client selects no pod of namespace prod, but dev/client; add a namespaceSelector beside it, under the same dash',
    ],
  },
  {
    it: 'a namespaceSelector that selects nothing, in egress',
    policies: {
      'prod/p': `{podSelector: {}, egress: [{to: [{namespaceSelector: ${match('env: dve')}}], ports: [{port: 53, protocol: UDP}]}]}`,
    },
    warns: [
      'peer-selects-nothing prod/p spec.egress.0.to.0.namespaceSelector: namespaceSelector env=dve selects no namespace with pods; the nearest label is env=dev (dev)',
    ],
  },
  {
    it: 'the name of a namespace under a key that it has not',
    policies: from(`[{namespaceSelector: ${match('name: dev')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector name=dev selects no namespace with pods; the nearest label is env=dev (dev)',
    ],
  },
  {
    it: 'a namespaceSelector that selects a namespace without pods',
    policies: from(`[{namespaceSelector: ${match('kubernetes.io/metadata.name: devs')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector kubernetes.io/metadata.name=devs selects no namespace with pods; the nearest label is kubernetes.io/metadata.name=dev (dev)',
    ],
  },
  {
    it: 'a podSelector that selects nothing in the namespaces of its peer',
    policies: from(`[{namespaceSelector: ${match('env: dev')}, podSelector: ${match('role: clint')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector role=clint selects no pod of namespace dev; the nearest label is role=client (dev/client)',
    ],
  },
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
      'or-looks-like-and prod/p spec.ingress.0.from.1: namespaceSelector env=dev and podSelector role=client are two peers, so OR, and podSelector role=client selects no pod of namespace prod; for AND write both under one dash',
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
      'or-looks-like-and prod/p spec.ingress.0.from.0: namespaceSelector env=dev and podSelector role=client are two peers, so OR, and podSelector role=client selects no pod of namespace prod; for AND write both under one dash',
    ],
  },
  {
    it: 'a dash too many: the namespaceSelector means all pods anyway',
    policies: from(`[{namespaceSelector: {}}, {podSelector: ${match('app: web')}}]`),
    warns: [
      'or-looks-like-and prod/p spec.ingress.0.from.1: namespaceSelector {} and podSelector app=web are two peers, so OR, and namespaceSelector {} already means every pod of namespace prod; for AND write both under one dash',
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
      'and-looks-like-or prod/p spec.ingress.0.from.0: namespaceSelector env=dev and podSelector app=db in one peer are AND, and no pod is both; for OR (podSelector app=db means prod/db) put a dash before each',
    ],
  },
];

describe('lint: selectors', () => {
  for (const { it: title, pods = {}, policies, warns } of rows)
    it(title, () => {
      expect(warningsOf({ ...cast, pods: { ...cast.pods, ...pods } }, policies)).to.deep.equal(warns);
    });

  it('says nothing of the label that every namespace has, but where it is alike', () => {
    const bare: Cast = { pods: { 'prod/web': {} } };
    const telling = (label: string) => warningsOf(bare, from(`[{namespaceSelector: ${match(label)}}]`));
    const start = 'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector';
    expect(telling('team: shop')).to.deep.equal([`${start} team=shop selects no namespace with pods`]);
    expect(telling('name: prod')).to.deep.equal([
      `${start} name=prod selects no namespace with pods; the nearest label is kubernetes.io/metadata.name=prod (prod)`,
    ]);
  });
});
