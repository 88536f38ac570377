import { describeRows, type Row } from './fixture.ts';
import { cast, from, match } from './labelled-cast.ts';

const told = (path: string, message: string): string => `swapped-selector prod/p ${path}: ${message}`;
const ofNamespaces = 'spec.ingress.0.from.0.namespaceSelector';
const ofPods = 'spec.ingress.0.from.0.podSelector';

const rows: readonly Row[] = [
  // A label of pods in a namespaceSelector.
  {
    it: 'a label of a pod beside the policy, in a namespaceSelector',
    policies: from(`[{namespaceSelector: ${match('app: db')}}]`),
    warns: [
      told(
        ofNamespaces,
        'namespaceSelector app=db selects no namespace with pods: app=db is a label of pods (prod/db), not of namespaces; write it under podSelector instead',
      ),
    ],
  },
  {
    it: 'a label of a pod elsewhere, in a namespaceSelector',
    policies: from(`[{namespaceSelector: ${match('role: client')}}]`),
    warns: [
      told(
        ofNamespaces,
        'namespaceSelector role=client selects no namespace with pods: role=client is a label of pods (dev/client), not of namespaces; write it under podSelector, beside a namespaceSelector for namespace dev',
      ),
    ],
  },
  {
    it: 'a label of a pod beside a label of its namespace, in a namespaceSelector',
    policies: from('[{namespaceSelector: {matchLabels: {env: dev, role: client}}}]'),
    warns: [
      told(
        ofNamespaces,
        'namespaceSelector env=dev,role=client selects no namespace with pods: role=client is a label of pods (dev/client), not of namespaces; move it to a podSelector under the same dash',
      ),
    ],
  },
  {
    it: 'a key of pods in a namespaceSelector',
    policies: from('[{namespaceSelector: {matchExpressions: [{key: role, operator: Exists}]}}]'),
    warns: [
      told(
        ofNamespaces,
        'namespaceSelector role selects no namespace with pods: role is a label of pods (dev/client), not of namespaces; write it under podSelector, beside a namespaceSelector for namespace dev',
      ),
    ],
  },
  {
    it: "the label of the cluster's DNS pods in a namespaceSelector",
    policies: from(`[{namespaceSelector: ${match('k8s-app: kube-dns')}}]`),
    warns: [
      told(
        ofNamespaces,
        'namespaceSelector k8s-app=kube-dns selects no namespace with pods: k8s-app=kube-dns is a label of pods (kube-system/coredns), not of namespaces; write it under podSelector, beside a namespaceSelector for namespace kube-system',
      ),
    ],
  },
  {
    it: 'a label that is nearly that of a pod is not taken for it',
    policies: from(`[{namespaceSelector: ${match('app: dbs')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector app=dbs selects no namespace with pods; the nearest label is env=dev (dev)',
    ],
  },
  {
    it: 'a label that pods and namespaces have',
    pods: { 'prod/own': { labels: { env: 'dev' } } },
    policies: from(`[{namespaceSelector: ${match('env: dev')}}]`),
    warns: [],
  },
  {
    it: 'a label of pods that the podSelector beside it does not select',
    policies: from(`[{namespaceSelector: ${match('role: client')}, podSelector: ${match('app: db')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector role=client selects no namespace with pods; the nearest label is env=dev (dev)',
    ],
  },
  {
    it: 'a label of pods that are in no namespace with the other label',
    policies: from('[{namespaceSelector: {matchLabels: {env: prod, role: client}}}]'),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector env=prod,role=client selects no namespace with pods; prod comes nearest, with env=prod',
    ],
  },
  // A label of a namespace in a podSelector.
  {
    it: 'a label of a namespace in a podSelector',
    policies: from(`[{podSelector: ${match('env: dev')}}]`),
    warns: [
      told(
        ofPods,
        'podSelector env=dev selects no pod of namespace prod: env=dev is a label of namespace dev, not of its pods; write it under namespaceSelector instead',
      ),
    ],
  },
  {
    it: 'the name of a namespace in a podSelector',
    policies: from(`[{podSelector: ${match('kubernetes.io/metadata.name: kube-system')}}]`),
    warns: [
      told(
        ofPods,
        'podSelector kubernetes.io/metadata.name=kube-system selects no pod of namespace prod: kubernetes.io/metadata.name=kube-system is a label of namespace kube-system, not of its pods; write it under namespaceSelector instead',
      ),
    ],
  },
  {
    it: 'a label of a namespace beside one of its pods, in a podSelector',
    policies: from('[{podSelector: {matchLabels: {env: dev, app: web}}}]'),
    warns: [
      told(
        ofPods,
        'podSelector env=dev,app=web selects no pod of namespace prod: env=dev is a label of namespace dev, not of its pods; move it to a namespaceSelector under the same dash',
      ),
    ],
  },
  {
    it: 'a label of a namespace in the podSelector beside a namespaceSelector',
    policies: from(`[{namespaceSelector: {}, podSelector: ${match('env: dev')}}]`),
    warns: [
      told(
        ofPods,
        'podSelector env=dev selects no pod of namespaces prod and dev: env=dev is a label of namespace dev, not of its pods; move it to the namespaceSelector',
      ),
    ],
  },
  {
    it: 'a label that is nearly that of a namespace is not taken for it',
    policies: from(`[{podSelector: ${match('env: de')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector env=de selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
  {
    it: 'a label of a namespace and of pods elsewhere',
    pods: { 'dev/own': { labels: { env: 'dev' } } },
    policies: from(`[{podSelector: ${match('env: dev')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector env=dev selects no pod of namespace prod, but dev/own; add a namespaceSelector beside it, under the same dash',
    ],
  },
  {
    it: 'two labels of a namespace in a podSelector',
    policies: from('[{podSelector: {matchLabels: {env: dev, kubernetes.io/metadata.name: dev}}}]'),
    warns: [
      told(
        ofPods,
        'podSelector env=dev,kubernetes.io/metadata.name=dev selects no pod of namespace prod: env=dev,kubernetes.io/metadata.name=dev are labels of namespace dev, not of its pods; write them under namespaceSelector instead',
      ),
    ],
  },
  // A label of a namespace where the policy selects its pods.
  {
    it: 'the label of its own namespace, in the podSelector of a policy',
    policies: { 'prod/p': `{podSelector: ${match('env: prod')}}` },
    warns: [
      told(
        'spec.podSelector',
        'podSelector env=prod selects no pod of namespace prod: env=prod is a label of the namespace, not of its pods; delete it: a policy acts on the pods of its own namespace only',
      ),
    ],
  },
  {
    it: 'the label of another namespace, in the podSelector of a policy',
    policies: { 'prod/p': `{podSelector: ${match('env: dev')}}` },
    warns: [
      told(
        'spec.podSelector',
        'podSelector env=dev selects no pod of namespace prod: env=dev is a label of namespace dev, not of its pods; set metadata.namespace and delete it: a policy acts on the pods of its own namespace only',
      ),
    ],
  },
  {
    it: 'the label of a namespace beside one that no pod there has, in the podSelector of a policy',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: dbb, env: prod}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app=dbb,env=prod selects no pod of namespace prod; prod/db comes nearest, with app=db',
    ],
  },
];

describeRows('swapped-selector', cast, rows);
