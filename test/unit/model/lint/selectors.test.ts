import { expect } from 'chai';
import { type Cast, describeRows, type Row, warningsOf } from './fixture.ts';
import { cast, from, match } from './labelled-cast.ts';

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
      'idle-rules prod/p spec.egress: these egress rules have no effect: policyTypes does not include Egress; add it there, or delete them',
    ],
  },
  {
    it: 'ingress rules that policyTypes leaves out',
    policies: { 'prod/p': '{podSelector: {}, policyTypes: [Egress], ingress: [{}]}' },
    warns: [
      'idle-rules prod/p spec.ingress: these ingress rules have no effect: policyTypes does not include Ingress; add it there, or delete them',
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
    it: 'a namespace whose manifests are elsewhere, which no other one is near to',
    policies: from(`[{namespaceSelector: ${match('kubernetes.io/metadata.name: ingress-nginx')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector kubernetes.io/metadata.name=ingress-nginx selects no namespace with pods',
    ],
  },
  {
    it: 'a podSelector that selects nothing in the namespaces of its peer',
    policies: from(`[{namespaceSelector: ${match('env: dev')}, podSelector: ${match('role: clint')}}]`),
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector role=clint selects no pod of namespace dev; the nearest label is role=client (dev/client)',
    ],
  },
  {
    it: 'a label of pods elsewhere, whatever its value',
    policies: { 'dev/p': '{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}' },
    warns: [
      'other-namespace dev/p metadata.namespace: podSelector tier selects no pod of namespace dev, but prod/web and prod/db; a policy acts in its own namespace only: set metadata.namespace',
    ],
  },
  {
    it: 'the pod that misses fewest, though one that misses more has a nearer label',
    policies: { 'prod/p': '{podSelector: {matchLabels: {app: dbx, tier: bag}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector app=dbx,tier=bag selects no pod of namespace prod; prod/web comes nearest, with app=web',
    ],
  },
  {
    it: 'a label that is like none: the one with the fewest edits',
    policies: { 'prod/p': '{podSelector: {matchLabels: {zone: x}}}' },
    warns: [
      'selects-no-pod prod/p spec.podSelector: podSelector zone=x selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
  {
    it: 'in a namespace without pods, of the peers only what they mean elsewhere',
    policies: {
      'devs/p': `{podSelector: ${match('app: nope')}, ingress: [{from: [{podSelector: ${match('app: web')}}, {namespaceSelector: ${match('env: dev')}, podSelector: ${match('role: clint')}}]}]}`,
    },
    warns: [
      'selects-no-pod devs/p spec.podSelector: podSelector app=nope selects no pod of namespace devs, which has no pods; set metadata.namespace to where they are',
      'peer-selects-nothing devs/p spec.ingress.0.from.1.podSelector: podSelector role=clint selects no pod of namespace dev; the nearest label is role=client (dev/client)',
    ],
  },
  {
    it: 'a peer beside a policy that selects its pods, though other namespaces have such pods too',
    policies: {
      'prod/p': `{podSelector: ${match('app: web')}, ingress: [{from: [{podSelector: ${match('app: dbb')}}]}]}`,
    },
    warns: [
      'peer-selects-nothing prod/p spec.ingress.0.from.0.podSelector: podSelector app=dbb selects no pod of namespace prod; the nearest label is app=db (prod/db)',
    ],
  },
];

describeRows('selectors', cast, rows);

describe('lint: selectors of namespaces', () => {
  it('says nothing of the label that every namespace has, except where it is alike', () => {
    const bare: Cast = { pods: { 'prod/web': {} } };
    const telling = (label: string) => warningsOf(bare, from(`[{namespaceSelector: ${match(label)}}]`));
    const start = 'peer-selects-nothing prod/p spec.ingress.0.from.0.namespaceSelector: namespaceSelector';
    expect(telling('team: shop')).to.deep.equal([`${start} team=shop selects no namespace with pods`]);
    expect(telling('name: prod')).to.deep.equal([
      `${start} name=prod selects no namespace with pods; the nearest label is kubernetes.io/metadata.name=prod (prod)`,
    ]);
  });
});
